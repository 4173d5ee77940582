import ArgumentParser
import BalanceCore
import BalanceDatasets
import Foundation

/// Which dataset, where its index is, and how it is read: the same for every command that
/// takes a DATASET.
struct DatasetOptions: ParsableArguments {
  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String

  @OptionGroup var place: IndexOptions

  var root: URL { URL(fileURLWithPath: dataset, isDirectory: true) }

  /// Opens the dataset's index and brings it up to date, wherever it can be kept.
  func prepare(
    threads: Int = ThreadOptions.cores, progress: any ProgressReporter
  ) throws(BalanceError) -> DatasetIndex {
    try place.prepare(root, threads: threads, progress: progress)
  }
}
