public import BalanceCore
import Foundation
import Metrics
import Networks
import Objectives
import Sampling
public import Tensors

/// One run from loaded pixels to a run folder.
public struct TrainingRun {
  public let data: LoadedData
  /// With everything decided; see `TrainingConfiguration.resolved(for:)`.
  public let configuration: TrainingConfiguration

  public init(_ data: LoadedData, configuration: TrainingConfiguration) {
    self.data = data
    self.configuration = configuration.resolved(for: data.data)
  }

  /// Every setting that could change the figures, flat: what `RunRecord.settings` holds. The number
  /// of threads stands with the machine.
  ///
  /// - Parameter configuration: with everything decided.
  public static func settings(_ configuration: TrainingConfiguration, data: TrainingData)
    -> [String: String]
  {
    var settings = configuration.settings
    settings["threads"] = nil
    settings["precision"] = configuration.precision.used.rawValue
    if let path = configuration.initialWeights {
      settings["init weights"] = InitialWeights.fingerprint(path: path)
    }
    settings["dataset"] = data.name
    settings["split"] = data.splitName
    settings["weights kept"] = configuration.weightsKept
    return settings
  }

  /// Trains, predicts the test and validation images, and writes everything into `writer`'s folder,
  /// which gets its name at the end.
  ///
  /// - Throws: `BalanceError`; nothing is left behind then.
  public func run(
    into writer: RunFolderWriter, pool: ComputePool, observers: [any TrainingObserver]
  )
    throws -> RunFolder
  {
    do {
      let start = ContinuousClock.now
      let history = TrainingHistory()
      let trainer = try Trainer(data, configuration: configuration, pool: pool)
      try trainer.run(observers: observers + [history])
      let test = try trainer.predict(data.data.test)
      let evaluation = Evaluation(test, trainingCounts: data.data.trainingCounts)
      try writer.write(Data(manifest.utf8), .manifest)
      try writer.write(Data(history.csv.utf8), .history)
      try writer.write(test.csv, .predictions)
      if !data.data.validation.isEmpty {
        try writer.write(trainer.predict(data.data.validation).csv, .validation)
      }
      try writer.write(CanonicalJSON.encode(evaluation), .evaluation)
      try writer.write(CanonicalJSON.encode(trainer.modelDescription), .model)
      try trainer.parameters.save(
        to: writer.location(.weights),
        metadata: ["model": configuration.model, "format": "pt"])
      let record = record(
        trainer, name: writer.url.lastPathComponent, threads: pool.threads,
        seconds: start.secondsToNow)
      try writer.write(CanonicalJSON.encode(record), .record)
      return try writer.finish()
    } catch {
      writer.cancel()
      throw error
    }
  }

  private var manifest: String {
    "# balance train \(YAMLText.scalar(data.data.root.path)) --manifest manifest.yaml"
      + " --split \(YAMLText.scalar(data.data.splitName))\n" + configuration.yaml
  }

  private func record(_ trainer: Trainer, name: String, threads: Int, seconds: Double) -> RunRecord
  {
    let drawn = trainer.drawsPerClass
    return RunRecord(
      name: name, strategy: configuration.strategy.description, loss: "\(configuration.loss)",
      lossFingerprint: trainer.lossFingerprint, model: configuration.model,
      seed: configuration.seed, settings: Self.settings(configuration, data: data.data),
      trainingCounts: data.data.trainingCounts,
      optimizerSteps: trainer.totalSteps, imagesDrawn: drawn.draws.reduce(0, +),
      drawsPerClass: drawn.draws, distinctPerClass: drawn.distinct, seconds: seconds,
      finished: Date(), splitHash: data.data.splitHash, allowedLeaks: data.data.allowedLeaks,
      machine: .current(threads: threads), notes: trainer.notes)
  }
}

extension RunRecord.Machine {
  /// This machine, computing with so many threads.
  public static func current(threads: Int) -> RunRecord.Machine {
    var versions = Machine.libraryVersions
    versions["balance"] = BalanceVersion.current
    versions["Swift"] = swiftVersion
    return RunRecord.Machine(
      processor: Machine.processor, cores: ComputePool.availableCores, threads: threads,
      instructionSet: Machine.instructionSet, versions: versions)
  }

  /// The compiler that built the program.
  private static var swiftVersion: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
