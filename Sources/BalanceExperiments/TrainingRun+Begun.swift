public import BalanceCore
public import BalanceDatasets
public import BalanceTraining
public import Foundation

extension TrainingRun {
  /// The run that was begun in a folder, finished or not, from what it has written there.
  ///
  /// With `RunFolderWriter(resuming:)` it goes on; what it was begun under must still hold, own
  /// components included, which no file has.
  ///
  /// - Parameters:
  ///   - components: what it trains instead of what its settings say, as when it was begun.
  ///   - dataset: where its dataset is now; nil where it was.
  ///   - open: opens the index of the dataset at a root, kept at a location, nil for beside the
  ///     images; files may be read with so many threads.
  /// - Throws: `BalanceError` where the dataset is gone or the folder's files are damaged.
  public init(
    begunIn folder: URL, components: TrainingComponents? = nil, dataset: String? = nil,
    progress: any ProgressReporter = SilentProgress(),
    index open: (_ root: URL, _ location: URL?, _ threads: Int) throws -> DatasetIndex = {
      try DatasetIndex.prepare(root: $0, at: $1, threads: $2)
    }
  ) throws {
    let origin = try RunOrigin(reading: folder)
    let configuration = try Self.configuration(of: origin, in: folder, components)
    let root = dataset ?? origin.dataset
    guard FileManager.default.fileExists(atPath: root) else {
      throw BalanceError(
        .noInput, dataset == nil ? "the run's dataset is gone" : "there is no such dataset",
        at: root, remedy: "put it back, or say where it is now with --data FOLDER")
    }
    let url = URL(fileURLWithPath: root, isDirectory: true)
    try self.init(
      open(url, Self.index(of: origin), configuration.threadCount), split: origin.split,
      allowLeak: origin.allowLeak, components: components, configuration: configuration,
      progress: progress)
  }

  /// The settings that a run was begun with: its manifest's, or where it was cut off before that
  /// was written, those of its origin.
  private static func configuration(
    of origin: RunOrigin, in folder: URL, _ components: TrainingComponents?
  ) throws(BalanceError) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    let manifest = folder.appendingPathComponent(RunFolder.File.manifest.rawValue)
    guard !FileManager.default.fileExists(atPath: manifest.path) else {
      try configuration.read(yaml: TextFile.read(manifest.path), file: manifest.path)
      return configuration
    }
    for name in TrainingSetting.names where components?.own[name] == nil {
      if let text = origin.settings[name] { try configuration.set(name, to: text) }
    }
    configuration.threads = origin.machine.threads
    return configuration
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
