import ArgumentParser
import BalanceAnalysis
import BalanceCore
import BalanceDatasets
import Foundation

/// `balance analyze`
struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Say how unbalanced a dataset is, and whether its split can be trusted.",
    discussion: """
      Counts per class and per role, measures of imbalance, files with problems, groups and \
      duplicates that a split separates, and warnings in words. A folder that was never indexed \
      is indexed first; where it is read-only, the index goes to the user's cache.

      EXAMPLES:
        balance analyze photos
        balance analyze photos --json > photos.json
        balance analyze photos --split-name patients
        balance analyze ham10000 --csv HAM10000_metadata.csv --image-column image_id \\
          --image-root images --image-suffix .jpg \\
          --label-column dx --group-column lesion_id
      """)

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "The split to look at (default: 'default' if there is one).", valueName: "name"))
  var splitName: String?

  @Flag(help: "Print everything as JSON.")
  var json = false

  func run() throws {
    let index = try dataset.prepare(threads: threads.count, progress: output.progress)
    let analysis = try DatasetAnalysis(index: index, split: splitName)
    if json {
      try StandardOutput.write(json: analysis)
    } else {
      try StandardOutput.write(AnalysisText.text(analysis))
    }
  }
}
