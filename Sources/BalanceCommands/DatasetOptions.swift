import ArgumentParser
import BalanceCore
import BalanceDatasets
import Foundation

/// Which dataset, where its index is, and how its table is read: the same for every command that
/// takes a DATASET.
struct DatasetOptions: ParsableArguments {
  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String

  @OptionGroup var place: IndexOptions

  var root: URL { URL(fileURLWithPath: dataset, isDirectory: true) }

  /// The table that the options choose, or nil.
  func csvSource() throws(BalanceError) -> CSVSource? { try place.table.source(root: root) }

  /// Opens the dataset's index and brings it up to date, wherever it can be kept.
  func prepare(
    threads: Int = ThreadOptions.cores, progress: any ProgressReporter
  ) throws(BalanceError) -> DatasetIndex {
    try place.prepare(root, threads: threads, progress: progress)
  }
}
