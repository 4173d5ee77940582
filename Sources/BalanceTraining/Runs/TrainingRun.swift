public import BalanceCore
public import BalanceDatasets
import BalanceLoading
import BalanceMetrics
import BalanceNetworks
import BalanceObjectives
import BalanceSampling
public import BalanceTensors
import Foundation

/// One run from loaded pixels to a run folder.
public struct TrainingRun {
  public let data: LoadedData
  /// With everything decided; see `TrainingConfiguration.resolved(for:)`.
  public let configuration: TrainingConfiguration
  /// What is trained instead of what the configuration says; nil for nothing.
  public let components: TrainingComponents?

  /// - Parameter components: nil for what the configuration says.
  public init(
    _ data: LoadedData, components: TrainingComponents? = nil, configuration: TrainingConfiguration
  ) {
    self.data = data
    self.components = components
    self.configuration = configuration.resolved(for: data.data, components)
  }

  /// A run on an index's images.
  ///
  /// - Parameters:
  ///   - split: the split's name; nil for the default one, which is made where there is none.
  ///   - allowLeak: whether a split that groups or equal files cross is let through.
  ///   - progress: is told of the decoding of images, and what is noteworthy of the split.
  /// - Throws: as `TrainingData` and `LoadedData`.
  public init(
    _ index: DatasetIndex, split: String? = nil, allowLeak: Bool = false,
    components: TrainingComponents? = nil, configuration: TrainingConfiguration,
    progress: any ProgressReporter = SilentProgress()
  ) throws {
    let data = try LoadedData(
      index, configuration: configuration, split: split, allowLeak: allowLeak, progress: progress)
    self.init(data, components: components, configuration: configuration)
  }

  /// Every setting that could change the figures, flat, as `RunRecord.settings` holds it.
  public var settings: [String: String] {
    Self.settings(configuration, data: data.data).merging(components?.own ?? [:]) { $1 }
  }

  /// Those of a run that trains what the configuration says. The number of threads stands with the
  /// machine.
  ///
  /// - Parameter configuration: with everything decided.
  public static func settings(_ configuration: TrainingConfiguration, data: TrainingData)
    -> [String: String]
  {
    var settings = configuration.settings
    settings["threads"] = nil
    // As runs have it that know of no other: they can be gone on with and compared.
    if configuration.range == .full { settings["range"] = nil }
    settings["precision"] = configuration.precision.used.rawValue
    // Earlier versions drew one number after another for all stages: theirs are other runs.
    if configuration.augmentation != .none { settings["augmentation keyed by"] = "stage" }
    if let path = configuration.initialWeights {
      settings["init weights"] = InitialWeights.fingerprint(path: path)
    }
    settings["dataset"] = data.name
    settings["split"] = data.splitName
    settings["weights kept"] = configuration.weightsKept
    return settings
  }

  /// Those that decide whether two runs are the same: the name of the dataset's folder does not,
  /// since a dataset that has moved is the same one where its images are.
  package static func decisive(_ settings: [String: String]) -> [String: String] {
    settings.filter { $0.key != "dataset" }
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
          scores = try writeResults(of: trainer, history: Data(history.csv.utf8), into: writer)
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
  func writeResults(of trainer: Trainer, history: Data, into writer: RunFolderWriter) throws
    -> RunRecord.Scores
  {
    let test = try trainer.predict(data.data.test)
    let evaluation = Evaluation(test, trainingCounts: data.data.trainingCounts)
    try writer.write(history, .history)
    try writer.write(test.csv, .predictions)
    if !data.data.validation.isEmpty {
      try writer.write(trainer.predict(data.data.validation).csv, .validation)
    }
    try writer.write(CanonicalJSON.encode(evaluation), .evaluation)
    try writer.write(CanonicalJSON.encode(trainer.modelDescription), .model)
    try trainer.parameters.saveWithChecksum(
      to: writer.location(.weights),
      metadata: ["model": model, "format": "pt"])
    return RunRecord.Scores(accuracy: evaluation.accuracy, macroF1: evaluation.macro.f1)
  }

  /// Writes what it takes to go on with the run, its settings and what it sees.
  func begin(_ writer: RunFolderWriter, threads: Int) throws {
    try writer.begin(RunOrigin(self, threads: threads))
    try describe(writer)
  }

  /// Writes the settings and the images that are seen, where they do not stand there yet.
  private func describe(_ writer: RunFolderWriter) throws {
    if !writer.has(.manifest) { try writer.write(Data(manifest.utf8), .manifest) }
    if !writer.has(.images) { try writer.write(data.data.seenImages.csv, .images) }
  }

  /// A trainer at the beginning of the run, or at its checkpoint, and the epochs so far.
  private func prepare(_ writer: RunFolderWriter, pool: ComputePool, stop: StopRequest) throws
    -> (Trainer, TrainingHistory)
  {
    let origin = writer.resumes ? try RunOrigin(reading: writer.url) : nil
    // Says more than a fingerprint that does not fit.
    if let path = configuration.initialWeights { _ = try InitialWeights(path: path) }
    try origin?.check(self, at: writer.url)
    if let weights = configuration.initialWeights, origin == nil {
      try writer.refuse(source: URL(fileURLWithPath: weights))
    }
    let trainer = try Trainer(
      data, components: components, configuration: configuration, pool: pool, stop: stop)
    guard let origin else {
      try begin(writer, threads: pool.threads)
      return (trainer, TrainingHistory())
    }
    try writer.write(CanonicalJSON.encode(origin.moved(to: data.data)), .origin)
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

  /// The settings, headed by a command that trains such a run again.
  var manifest: String {
    let data = data.data
    var words = ["balance", "train", data.root.path, "--manifest", "manifest.yaml"]
    words += ["--split", data.splitName]
    if data.index.path != DatasetIndex.defaultLocation(root: data.root).path {
      words += ["--index", data.index.path]
    }
    if !data.allowedLeaks.isEmpty { words.append("--allow-leak") }
    words += ["--out", "AGAIN"]
    let command = words.map(ShellText.word).joined(separator: " ")
    // A path may hold line breaks, and each line must be a comment.
    return command.split(whereSeparator: \.isNewline).map { "# \($0)\n" }.joined()
      + configuration.yaml
  }

  /// What the network is called.
  private var model: String { components?.own["model"] ?? configuration.model }

  private func record(_ trainer: Trainer, name: String, threads: Int) -> RunRecord {
    let drawn = trainer.drawsPerClass
    var notes = (configuration.precisionNote.map { [$0] } ?? []) + trainer.notes
    if !trainer.position.resumedAt.isEmpty {
      let steps = trainer.position.resumedAt.map(String.init).joined(separator: ", ")
      notes.append("the run was interrupted, and went on from step \(steps)")
    }
    return RunRecord(
      name: name, strategy: configuration.strategy.description, loss: "\(configuration.loss)",
      lossFingerprint: trainer.lossFingerprint, model: model, seed: configuration.seed,
      settings: settings,
      trainingCounts: data.data.trainingCounts,
      optimizerSteps: trainer.position.step, imagesDrawn: drawn.draws.reduce(0, +),
      drawsPerClass: drawn.draws, distinctPerClass: drawn.distinct,
      seconds: trainer.position.seconds, finished: Date(), splitHash: data.data.splitHash,
      allowedLeaks: data.data.allowedLeaks, machine: .current(threads: threads), notes: notes,
      convolutions: trainer.part.convolutions, data: data.data.identity,
      remedy: configuration.remedy,
      divergence: trainer.divergence)
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
