public import BalanceCore
public import Datasets
public import Foundation
import Networks
import Tensors

/// Predicts the test images of a dataset again, with the weights of a finished run.
public struct Reprediction {
  private let run: RunFolder
  private let record: RunRecord

  public init(_ run: RunFolder, record: RunRecord) {
    self.run = run
    self.record = record
  }

  /// - Throws: `BalanceError` with code `data` where the dataset or its split is not the one that
  ///   the run was trained on.
  public func test(
    _ index: DatasetIndex, threads: Int, cacheFolder: URL,
    progress: any BalanceCore.ProgressReporting
  ) throws -> PredictionTable {
    let data = try TrainingData(
      index, split: record.settings["split"], allowLeak: !record.allowedLeaks.isEmpty)
    let model = try run.model()
    guard data.splitHash == record.splitHash, data.classNames == model.classNames else {
      throw BalanceError(
        .data, "is not the dataset and split that the run '\(record.name)' was trained on",
        at: index.root.path, remedy: "name the dataset that the run's record.json names")
    }
    var configuration = TrainingConfiguration()
    for name in TrainingSetting.names {
      if let text = record.settings[name] { try configuration.set(name, to: text) }
    }
    let loaded = try LoadedData(
      data, configuration: configuration, cacheFolder: cacheFolder, threads: threads,
      progress: progress)
    let parameters = try Parameters(model.network, seed: 0)
    try parameters.load(from: run.location(.weights))
    let evaluator = try Evaluator(
      model.network, parameters: parameters, batchSize: configuration.batchSize,
      pool: ComputePool(threads: threads), options: model.options.onThisMachine)
    return try evaluator.predict(loaded, data.test)
  }
}
