import ArgumentParser
import BalanceAnalysis
import BalanceCore
import BalanceDatasets
import BalanceExperiments
import BalanceTraining
import Foundation

/// `balance demo`
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Go the whole way on built-in images: analysis, training, report.",
    discussion: """
      Writes 417 long-tailed training images of handwritten digits, 150 zeros but 3 nines, and \
      balanced validation and test images; analyses them; trains plain cross-entropy and remedies \
      with five seeds each; and writes the report. It takes about a minute.

      EXAMPLES:
        balance demo
        balance demo --to /tmp/digits
        balance demo --to /tmp/other --data-seed 1      how much is luck of the draw?
        balance demo --to /tmp/digits --data-only
      """)

  @Option(help: ArgumentHelp("Where data, runs and report go.", valueName: "folder"))
  var to = "balance-demo"

  @Option(help: "Draws other images for training, validation and test.", transform: SeedText.parse)
  var dataSeed: UInt64 = 0

  @Flag(help: "Write the images and stop.")
  var dataOnly = false

  @Option(help: "Threads that compute (default: all cores).")
  var threads: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    try ThreadOptions.check(threads)
  }

  func run() throws {
    let progress = output.progress
    let folder = URL(fileURLWithPath: to)
    let root = folder.appendingPathComponent("digits")
    var manifest = try DigitsManifest.manifest(data: root.path)
    var digits = LongTailedDigits()
    digits.seed = dataSeed
    try digits.write(to: root)
    progress.note("digits: \(root.relativePath)  (\(Digits.credit))")
    if dataOnly { return }
    if let threads { manifest.training.threads = threads }
    let threads = manifest.training.threadCount
    let index = try DatasetIndex.prepare(root: root, threads: threads, progress: progress)
    if !output.quiet {
      try StandardOutput.writeLine(AnalysisText.text(DatasetAnalysis(index: index)))
    }
    let result = try Experiment(manifest, folder: folder).interruptibleRun(
      index, progress: progress)
    try ComparisonReport.write(result, title: "Long-tailed digits", to: folder)
  }
}
