import BalanceCore
import Datasets
import Experiments
import Foundation
import Training

extension TrainingRun {
  /// The run that was begun in a folder, finished or not, from what it has written there.
  ///
  /// - Throws: `BalanceError` where the dataset is gone or the folder's files are damaged.
  init(begunIn folder: URL, progress: any BalanceCore.ProgressReporting) throws {
    let origin = try RunOrigin(reading: folder)
    let manifest = folder.appendingPathComponent(RunFolder.File.manifest.rawValue)
    var configuration = TrainingConfiguration()
    try configuration.read(yaml: TextFile.read(manifest.path), file: manifest.path)
    guard FileManager.default.fileExists(atPath: origin.dataset) else {
      throw BalanceError(
        .noInput, "the run's dataset is gone", at: origin.dataset,
        remedy: "put it back where it was when the run was begun")
    }
    let index = try DatasetIndex.prepare(
      root: URL(fileURLWithPath: origin.dataset, isDirectory: true),
      at: URL(fileURLWithPath: origin.index), threads: configuration.threadCount,
      progress: progress)
    self.init(
      try LoadedData(
        index, configuration: configuration, split: origin.split, allowLeak: origin.allowLeak,
        progress: progress),
      configuration: configuration)
  }
}
