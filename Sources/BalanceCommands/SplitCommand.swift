import ArgumentParser
import BalanceCore
import Datasets
import Foundation

/// `balance split`
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Share a dataset's images out to train, val and test.",
    discussion: """
      Every class is shared out alike. Images of one group (a patient, a lesion) and files of the \
      same content are never separated. The split is kept in the index with its name, seed and \
      hash; the same seed gives the same split on any machine.

      EXAMPLES:
        balance split photos --val 0.15 --test 0.15 --seed 0
        balance split photos --val 0.2 --test 0 --seed 1 --name tuning
      """)

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  @Option(help: ArgumentHelp("Share of the images for validation.", valueName: "share"))
  var val = 0.15

  @Option(help: ArgumentHelp("Share of the images for the test.", valueName: "share"))
  var test = 0.15

  @Option(help: "The split follows from this number.", transform: SeedText.parse)
  var seed: UInt64 = 0

  @Option(help: "What the split is called; one made before under this name is replaced.")
  var name = DatasetIndex.defaultSplit

  @Flag(help: "Print the split's shares as JSON.")
  var json = false

  func run() throws {
    let index = try dataset.prepare(threads: threads.count, progress: output.progress)
    let report = try index.makeSplit(
      SplitRequest(name: name, val: val, test: test, seed: seed))
    let text =
      json
      ? String(decoding: try CanonicalJSON.encode(report), as: UTF8.self)
      : SplitText(report).text
    print(text, terminator: "")
  }
}
