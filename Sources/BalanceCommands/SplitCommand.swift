import ArgumentParser
import BalanceCore
import BalanceDatasets
import Foundation

/// `balance split`
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Share a dataset's images out to train, val and test.",
    discussion: """
      Every class is shared out alike. Images of one group (a patient, a lesion) and files of the \
      same pixels are never separated. The split is kept in the index with its name, seed and \
      hash; the same seed gives the same split on any machine. Where the dataset brings test images \
      of its own (a test folder, a column of its table), --keep-test keeps them and takes the \
      validation images from its training images.

      EXAMPLES:
        balance split photos --val 0.15 --test 0.15 --seed 0
        balance split photos --val 0.2 --test 0 --seed 1 --name tuning
        balance split faces --val 0.15 --keep-test
      """)

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  @Option(help: ArgumentHelp("Share of the images for validation.", valueName: "share"))
  var val = 0.15

  @Option(
    help: ArgumentHelp("Share of the images for the test (default: 0.15).", valueName: "share"))
  var test: Double?

  @Flag(help: "Keep the dataset's own test images; --val is a share of its training images.")
  var keepTest = false

  @Option(help: "The split follows from this number.", transform: SeedText.parse)
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "What the split is called; one made before under this name is replaced (default: "
        + "\(DatasetIndex.defaultSplit), or \(DatasetIndex.keptTestSplit) with --keep-test)."))
  var name: String?

  @Flag(help: "Print the split's shares as JSON.")
  var json = false

  func validate() throws {
    guard !keepTest || test == nil else {
      throw ValidationError("--keep-test keeps the dataset's own test images: give no --test")
    }
  }

  private var request: SplitRequest {
    keepTest
      ? SplitRequest(keepingTestAs: name ?? DatasetIndex.keptTestSplit, val: val, seed: seed)
      : SplitRequest(
        name: name ?? DatasetIndex.defaultSplit, val: val, test: test ?? 0.15, seed: seed)
  }

  func run() throws {
    let index = try dataset.prepare(threads: threads.count, progress: output.progress)
    let report = try index.makeSplit(request)
    for doubt in try index.problems().doubts { output.progress.note("warning: \(doubt)") }
    if json {
      try StandardOutput.write(json: report)
    } else {
      try StandardOutput.write(SplitText(report).text)
    }
    if keepTest {
      output.progress.note("note: train on it with --split \(ShellText.word(report.name))")
    }
  }
}
