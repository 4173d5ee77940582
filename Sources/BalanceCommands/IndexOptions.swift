import ArgumentParser
import BalanceCore
import BalanceDatasets
import BalanceTraining
import Foundation

/// Where a dataset's index is, and how its table is read.
struct IndexOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where the index is kept, instead of DATASET/.balance/index.sqlite.", valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var index: String?

  @OptionGroup(title: "Images named by a table") var table: TableOptions

  var location: URL? { index.map { URL(fileURLWithPath: $0) } }

  var isGiven: Bool { index != nil || table.csv != nil || table.allowOutsideRoot }

  /// Opens a dataset's index and brings it up to date, wherever it can be kept.
  func prepare(_ dataset: URL, threads: Int, progress: any ProgressReporter)
    throws(BalanceError) -> DatasetIndex
  {
    try DatasetIndex.prepare(
      root: dataset, at: location, source: try table.source(root: dataset).map { .csv($0) },
      allowOutsideRoot: table.allowOutsideRoot ? true : nil, threads: threads, progress: progress)
  }

  /// A dataset's images as pixels, ready to train on; says what was noted of the split.
  func load(
    _ dataset: URL, _ configuration: TrainingConfiguration, split: String?, allowLeak: Bool,
    progress: any ProgressReporter
  ) throws -> LoadedData {
    let index = try prepare(dataset, threads: configuration.threadCount, progress: progress)
    return try LoadedData(
      index, configuration: configuration, split: split, allowLeak: allowLeak, progress: progress)
  }
}
