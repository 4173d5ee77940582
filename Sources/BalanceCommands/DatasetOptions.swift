import ArgumentParser
import BalanceCore
import Datasets
import Foundation

/// Which dataset, where its index is, and how its table is read: the same for every command that
/// takes a DATASET.
struct DatasetOptions: ParsableArguments {
  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String

  @Option(
    help: ArgumentHelp(
      "Where the index is kept, instead of DATASET/.balance/index.sqlite.", valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var index: String?

  @OptionGroup(title: "Images named by a table") var table: TableOptions

  var root: URL { URL(fileURLWithPath: dataset, isDirectory: true) }

  var indexLocation: URL? { index.map { URL(fileURLWithPath: $0) } }

  /// The table that the options choose, or nil.
  func csvSource() throws(BalanceError) -> CSVSource? { try table.source(root: root) }

  /// Opens the dataset's index and brings it up to date, wherever it can be kept.
  func prepare(
    threads: Int = ThreadOptions.cores, progress: any BalanceCore.ProgressReporting
  ) throws(BalanceError) -> DatasetIndex {
    try DatasetIndex.prepare(
      root: root, at: indexLocation, source: try csvSource().map { .csv($0) },
      allowOutsideRoot: table.allowOutsideRoot ? true : nil, threads: threads, progress: progress)
  }
}
