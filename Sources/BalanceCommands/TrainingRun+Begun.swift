import ArgumentParser
import BalanceCore
import BalanceDatasets
import BalanceExperiments
import BalanceTraining
import Foundation

/// Where the dataset of a run that was begun earlier is now.
struct MovedDatasetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where the run's dataset is now, if it has moved since.", valueName: "folder"),
    completion: .directory)
  var data: String?
}

extension TrainingRun {
  /// The run that was begun in a folder, finished or not, from what it has written there.
  ///
  /// - Parameters:
  ///   - dataset: where its dataset is now; nil where it was.
  ///   - place: where the dataset's index is now and how its table is read, where that is said.
  /// - Throws: `BalanceError` where the dataset is gone or the folder's files are damaged.
  init(
    begunIn folder: URL, dataset: String? = nil, place: IndexOptions? = nil,
    progress: any ProgressReporter
  ) throws {
    let origin = try RunOrigin(reading: folder)
    let manifest = folder.appendingPathComponent(RunFolder.File.manifest.rawValue)
    var configuration = TrainingConfiguration()
    try configuration.read(yaml: TextFile.read(manifest.path), file: manifest.path)
    let root = dataset ?? origin.dataset
    guard FileManager.default.fileExists(atPath: root) else {
      throw BalanceError(
        .noInput, dataset == nil ? "the run's dataset is gone" : "there is no such dataset",
        at: root, remedy: "put it back, or say where it is now with --data FOLDER")
    }
    let url = URL(fileURLWithPath: root, isDirectory: true)
    let index = try DatasetIndex.prepare(
      root: url, at: place?.location ?? Self.index(of: origin),
      source: place?.source(root: url), groups: place?.layout.groups(),
      allowOutsideRoot: place?.table.allowOutsideRoot == true ? true : nil,
      threads: configuration.threadCount, progress: progress)
    self.init(
      try LoadedData(
        index, configuration: configuration, split: origin.split, allowLeak: origin.allowLeak,
        progress: progress),
      configuration: configuration)
  }

  /// The run's index, where it was kept apart from the dataset; nil for an index that moves with
  /// it.
  private static func index(of origin: RunOrigin) -> URL? {
    let url = URL(fileURLWithPath: origin.index)
    let root = URL(fileURLWithPath: origin.dataset, isDirectory: true)
    let isUsual =
      DatasetIndex.defaultLocation(root: root).path == url.path
      || DatasetIndex.cacheLocation(root: root).path == url.path
    return isUsual ? nil : url
  }
}
