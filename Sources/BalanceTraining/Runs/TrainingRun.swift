public import BalanceCore
public import BalanceDatasets
import BalanceImages
import BalanceLoading
import BalanceMetrics
import BalanceNetworks
import BalanceObjectives
import BalanceSampling
public import BalanceTensors
public import Foundation

/// One run from loaded pixels to a run folder.
public struct TrainingRun {
  public let data: LoadedData
  public let components: TrainingComponents
  public let configuration: ResolvedConfiguration

  /// A run on pixels that other runs may share.
  ///
  /// - Parameters:
  ///   - components: nil for what the configuration says.
  ///   - configuration: of the same dataset.
  /// - Throws: `BalanceError` for pixels that were loaded for another configuration.
  public init(
    _ data: LoadedData, components: TrainingComponents? = nil,
    configuration: ResolvedConfiguration
  ) throws(BalanceError) {
    try configuration.check(data.cache.shape)
    self.data = data
    if let components {
      self.components = components
    } else {
      self.components = try TrainingComponents(configuration.settled)
    }
    self.configuration = configuration
  }

  /// Decides what the configuration leaves to the data, and loads their pixels.
  ///
  /// - Parameters:
  ///   - components: nil for what the configuration says.
  ///   - folder: where decoded pixels are kept.
  /// - Throws: as `ResolvedConfiguration` and `LoadedData`.
  public init(
    _ dataset: TrainingData, components: TrainingComponents? = nil,
    configuration: TrainingConfiguration, cacheFolder folder: URL,
    progress: any ProgressReporter = SilentProgress()
  ) throws {
    let configuration = try ResolvedConfiguration(
      configuration, for: dataset, components: components)
    let data = try LoadedData(
      dataset, configuration: configuration, cacheFolder: folder, progress: progress)
    try self.init(data, components: components, configuration: configuration)
  }

  /// A run on an index's images.
  ///
  /// - Parameters:
  ///   - split: the split's name; nil for the default one, which is made where there is none.
  ///   - allowLeak: whether a split that groups or equal files cross is let through.
  ///   - progress: is told of the decoding of images, and what is noteworthy of the split.
  /// - Throws: as `TrainingData`, `ResolvedConfiguration` and `LoadedData`.
  public init(
    _ index: DatasetIndex, split: String? = nil, allowLeak: Bool = false,
    components: TrainingComponents? = nil, configuration: TrainingConfiguration,
    progress: any ProgressReporter = SilentProgress()
  ) throws {
    let dataset = try TrainingData(index, split: split, allowLeak: allowLeak, progress: progress)
    try self.init(
      dataset, components: components, configuration: configuration,
      cacheFolder: index.cacheFolder, progress: progress)
  }

  /// Trains, or goes on training, predicts the test and validation images, and writes everything
  /// into `writer`'s folder.
  ///
  /// - Parameters:
  ///   - pool: the threads that compute; nil for as many as the configuration says.
  ///   - checkpointInterval: seconds between checkpoints, at least.
  ///   - stop: asks the run to save its state and stop.
  ///   - keepsDivergence: whether a run that diverges ends as a finished one, whose record says so
  ///     and which has no weights and no predictions, instead of throwing.
  /// - Throws: `BalanceError`, or `TrainingStopped` where it was asked to stop. The run can go on
  ///   from its last checkpoint then; without one nothing is left behind.
  public func run(
    into writer: RunFolderWriter, pool: ComputePool? = nil, observers: [any TrainingObserver] = [],
    checkpointInterval: Double = 60, stop: StopRequest = StopRequest(),
    keepsDivergence: Bool = false
  ) throws -> RunFolder {
    do {
      let pool = try pool ?? ComputePool(threads: configuration.threads)
      return try stop.heeded {
        let (trainer, history) = try prepare(writer, pool: pool, stop: stop)
        var scores: RunRecord.Scores?
        do {
          try trainer.run(
            observers: [history] + observers + [
              HistoryWriter(history, writer: writer),
              CheckpointWriter(
                trainer, history: history, writer: writer, every: checkpointInterval),
            ])
          scores = try writeResults(
            of: trainer.parameters, history: Data(history.csv.utf8), into: writer
          ) { try trainer.predict($0) }
        } catch {
          guard keepsDivergence, trainer.divergence != nil else { throw error }
        }
        var record = record(trainer, name: writer.url.lastPathComponent, threads: pool.threads)
        record.scores = scores
        return try writer.finish(record)
      }
    } catch {
      writer.cancel()
      throw Self.hint(error, writer)
    }
  }

  /// Writes everything but the record, and returns what the record says of it.
  func writeResults(
    of parameters: Parameters, history: Data, into writer: RunFolderWriter,
    predict: (Range<Int>) throws -> PredictionTable
  ) throws -> RunRecord.Scores {
    let test = try predict(data.dataset.test)
    let evaluation = Evaluation(test, trainingCounts: data.dataset.trainingCounts)
    try writer.write(history, .history)
    try writer.write(test.csv, .predictions)
    if !data.dataset.validation.isEmpty {
      try writer.write(predict(data.dataset.validation).csv, .validation)
    }
    try writer.write(CanonicalJSON.encode(evaluation), .evaluation)
    try writer.write(CanonicalJSON.encode(description(of: parameters.network)), .model)
    try parameters.saveWithChecksum(
      to: writer.location(.weights),
      metadata: ["model": model, "format": "pt"])
    return RunRecord.Scores(accuracy: evaluation.accuracy, macroF1: evaluation.macro.f1)
  }

  /// What it takes to use the weights.
  func description(of network: Network) -> ModelDescription {
    ModelDescription(
      network: network, classNames: data.dataset.classNames, normalization: data.normalization,
      range: configuration.range == .full ? nil : configuration.range,
      options: configuration.planOptions)
  }

  /// Writes what it takes to go on with the run, its settings and what it sees.
  func begin(_ writer: RunFolderWriter, threads: Int) throws {
    try writer.begin(RunOrigin(self, threads: threads))
    try describe(writer)
  }

  /// Writes the settings and the images that are seen, where they are not there yet.
  private func describe(_ writer: RunFolderWriter) throws {
    if !writer.has(.manifest) { try writer.write(Data(manifest.utf8), .manifest) }
    if !writer.has(.images) { try writer.write(data.dataset.seenImages.csv, .images) }
  }

  /// A trainer at the beginning of the run, or at its checkpoint, and the epochs so far.
  private func prepare(_ writer: RunFolderWriter, pool: ComputePool, stop: StopRequest) throws
    -> (Trainer, TrainingHistory)
  {
    let origin = writer.resumes ? try RunOrigin(reading: writer.url) : nil
    // Says more than a fingerprint that does not fit.
    if let path = configuration.tuning.initialWeights { _ = try InitialWeights(path: path) }
    try origin?.check(self, at: writer.url)
    if let weights = configuration.tuning.initialWeights, origin == nil {
      try writer.refuse(source: URL(fileURLWithPath: weights))
    }
    let trainer = try Trainer(self, pool: pool, stop: stop)
    guard let origin else {
      try begin(writer, threads: pool.threads)
      return (trainer, TrainingHistory())
    }
    try writer.write(CanonicalJSON.encode(origin.moved(to: data.dataset)), .origin)
    try describe(writer)
    guard let checkpoint = writer.checkpoint else { return (trainer, TrainingHistory()) }
    let rows = try trainer.restoreCheckpoint(from: checkpoint)
    if let note = origin.note(on: .current(threads: pool.threads)) { trainer.notes.append(note) }
    return (trainer, TrainingHistory(rows: rows))
  }

  /// An error that leaves a checkpoint, with how to go on.
  private static func hint(_ error: any Error, _ writer: RunFolderWriter) -> any Error {
    guard let error = error as? BalanceError, error.code == .cannotCreate, writer.checkpoint != nil
    else { return error }
    let more =
      "the run so far is kept; go on: balance train --resume \(ShellText.word(writer.url.relativePath))"
    return BalanceError(
      error.code, error.what, at: error.place,
      remedy: error.remedy.map { "\($0); \(more)" } ?? more)
  }

  /// What the network is called.
  private var model: String { components.own["model"] ?? configuration.model }

  private func record(_ trainer: Trainer, name: String, threads: Int) -> RunRecord {
    let drawn = trainer.drawsPerClass
    var notes = trainer.notes
    if !trainer.position.resumedAt.isEmpty {
      let steps = trainer.position.resumedAt.map(String.init).joined(separator: ", ")
      notes.append("the run was interrupted, and went on from step \(steps)")
    }
    return RunRecord(
      name: name, strategy: configuration.remedy.strategy.description,
      loss: "\(configuration.remedy.loss)",
      lossFingerprint: trainer.lossFingerprint, model: model, seed: configuration.seed,
      settings: settings,
      trainingCounts: data.dataset.trainingCounts,
      optimizerSteps: trainer.position.step, imagesDrawn: drawn.draws.reduce(0, +),
      drawsPerClass: drawn.draws, distinctPerClass: drawn.distinct,
      seconds: trainer.position.seconds, finished: Date(), splitHash: data.dataset.splitHash,
      allowedLeaks: data.dataset.allowedLeaks, machine: .current(threads: threads), notes: notes,
      convolutions: trainer.part.convolutions, data: data.dataset.identity,
      remedy: configuration.remedy.spelled,
      divergence: trainer.divergence)
  }
}
