import ArgumentParser
import BalanceCore
import BalanceDatasets
import Foundation

/// `balance index`
struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Read a dataset's images once and keep what they are in an index.",
    discussion: """
      Every file is read and decoded once; bad ones are listed and left out. Run it again after \
      the dataset changed: only new and changed files are read. Stopping it at any moment does no \
      harm; the next run goes on from there. Other commands index a dataset by themselves.

      Folders are taken as they are: one a class, or train, val and test with one a class inside, \
      also below a single other folder. Where classes are elsewhere in the paths, --class-depth \
      or --pattern says so. What was chosen once is kept in the index and holds on, \
      until something else is chosen, or --detect has it found out again.

      EXAMPLES:
        balance index photos
        balance index /mnt/read-only --index photos.sqlite
        balance index tiles --pattern 'MT_{class}/Imgs/*.jpg'
        balance index scans --pattern '{split}/{class}/{group}_*.png' \\
          --except '**/*_mask.png'
        balance index signs --group-pattern '{group}/{group}_*.png'
        balance index ham10000 --csv HAM10000_metadata.csv --image-column image_id \\
          --image-root images --image-suffix .jpg \\
          --label-column dx --group-column lesion_id
        balance index pets --csv list.txt --columns name,breed,species,id \\
          --image-column name --image-root images --image-suffix .jpg \\
          --label-column breed
        balance index faces --csv faces.csv --image-column file \\
          --label-column mask --label-column age
      """)

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Read every file again, also those that seem to be as they were.")
  var reread = false

  @Flag(help: "Print what was found as JSON.")
  var json = false

  func run() throws {
    let chosen = try dataset.place.source(root: dataset.root)
    let (index, summary) = try DatasetIndex.openAndUpdate(
      root: dataset.root, at: dataset.place.location, source: chosen,
      groups: try dataset.place.layout.groups(), refresh: true,
      allowOutsideRoot: dataset.place.table.allowOutsideRoot, rereads: reread,
      threads: threads.count, progress: output.progress)
    guard let summary, let source = try index.source() else { return }
    let problems = try index.problems()
    let wideValues = try index.wideValues()
    if json {
      let result = Result(
        root: index.root.path, index: index.location.path, source: source, summary: summary,
        counts: try index.counts(), problems: problems, ignored: try index.ignored(),
        wideValues: wideValues)
      try StandardOutput.write(json: result)
    } else {
      let text = IndexText(
        summary, source, isKept: chosen == nil, problems, ignored: try index.ignored(), wideValues,
        location: index.location
      ).text
      try StandardOutput.write(text)
    }
  }

  /// What `--json` prints.
  private struct Result: Encodable {
    let root: String
    let index: String
    let source: DatasetSource
    let summary: IndexSummary
    let counts: ClassCounts
    let problems: [ProblemRecord]
    let ignored: [IgnoredFiles]
    let wideValues: WideValues?
  }
}
