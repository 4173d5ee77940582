public import BalanceCore
import BalanceLoading
public import BalanceMetrics
public import BalanceNetworks
public import Foundation

/// A finished run on the disk: a folder with a record, which is written last. While a run goes on,
/// and after it was cut off, its folder has an origin and as a rule a checkpoint, but no record.
public struct RunFolder: Sendable {
  /// The files of a run folder.
  public enum File: String, CaseIterable, Sendable {
    /// The settings, as `balance train --manifest` reads them.
    case manifest = "manifest.yaml"
    /// `RunOrigin`: what it takes to go on with a run that was cut off.
    case origin = "origin.json"
    /// The images that the run saw, with their roles, classes, groups and contents.
    case images = "images.csv"
    /// The state of an unfinished run; gone when it is finished.
    case checkpoint = "checkpoint.safetensors"
    /// `RunRecord`.
    case record = "record.json"
    /// One row an epoch.
    case history = "history.csv"
    /// The weights of the last epoch, and the running statistics of the batch norms.
    case weights = "weights.safetensors"
    /// What the model said of the test images.
    case predictions = "predictions.csv"
    /// The same for the validation images, where there are any.
    case validation = "validation.csv"
    /// `Evaluation` of `predictions`.
    case evaluation = "evaluation.json"
    /// `ModelDescription`: what it takes to use the weights.
    case model = "model.json"
  }

  public let url: URL

  /// - Parameter evenDiverged: whether a run is opened that diverged, and so has neither weights
  ///   nor predictions.
  /// - Throws: `BalanceError` with code `noInput` where the folder is not a run, and `data` where
  ///   the run diverged.
  public init(opening url: URL, evenDiverged: Bool = false) throws(BalanceError) {
    guard Self.isRun(url) else {
      if Self.isUnfinished(url) {
        throw BalanceError(
          .noInput, "is a run that is not finished", at: url.path,
          remedy: "go on with it: balance train --resume \(ShellText.word(url.relativePath))")
      }
      throw BalanceError(
        .noInput, "is not the folder of a finished run (it has no \(File.record.rawValue))",
        at: url.path, remedy: "name the folder that 'balance train --out' wrote")
    }
    self.url = url
    guard !evenDiverged, let divergence = (try? record())?.divergence else { return }
    throw BalanceError(
      .data, "diverged, and has neither weights nor predictions: \(divergence.reason)",
      at: url.path,
      remedy: "name another run, or train this one again with a smaller --lr")
  }

  public static func isRun(_ url: URL) -> Bool { has(.record, url) }

  /// Whether a run has been begun there that is not finished.
  public static func isUnfinished(_ url: URL) -> Bool { has(.origin, url) && !has(.record, url) }

  static func has(_ file: File, _ url: URL) -> Bool {
    FileManager.default.fileExists(atPath: url.appendingPathComponent(file.rawValue).path)
  }

  public func location(_ file: File) -> URL { url.appendingPathComponent(file.rawValue) }

  /// - Throws: `BalanceError` where it cannot be read or its parts do not fit together.
  public func record() throws(BalanceError) -> RunRecord {
    let place = location(.record)
    let record = try Self.decode(RunRecord.self, from: Self.read(place), at: place)
    for draws in [record.drawsPerClass, record.distinctPerClass] where draws.sumOfNaturals == nil {
      throw BalanceError(
        .data, "its draws are no counts", at: place.path,
        remedy: "train the run again")
    }
    return record
  }

  /// What its files of results held when it was finished.
  private var results: ResultFiles {
    ResultFiles(hashes: (try? record())?.files ?? [:], folder: url)
  }

  /// What a dataset has changed in since the run saw it, in words; nil where nothing.
  ///
  /// - Parameter record: the run's own.
  package func change(of data: TrainingData, since record: RunRecord) -> String? {
    // Runs of earlier versions say it in their origin.
    let seen = record.data ?? (try? RunOrigin(reading: url))?.data
    return DataChange.text(since: seen, in: url, to: data)
  }

  /// - Throws: `BalanceError` where it cannot be read or its parts do not fit together.
  public func model() throws(BalanceError) -> ModelDescription {
    let model = try json(ModelDescription.self, .model)
    let (network, normalization) = (model.network, model.normalization)
    func damaged(_ what: String) -> BalanceError {
      BalanceError(.data, what, at: location(.model).path, remedy: "train the run again")
    }
    guard model.classNames.count == network.classes,
      normalization.mean.count == network.input.channels,
      normalization.deviation.count == network.input.channels
    else {
      throw damaged(
        "\(model.classNames.count) classes and \(normalization.mean.count) channels do not fit the "
          + "network's \(network.classes) and \(network.input.channels)")
    }
    guard network.input.channels == 1 || network.input.channels == 3 else {
      throw damaged("the network reads images of \(network.input.channels) channels, not 1 or 3")
    }
    guard normalization.mean.allSatisfy(\.isFinite),
      normalization.deviation.allSatisfy({ $0.isFinite && $0 > 0 })
    else { throw damaged("a mean or deviation of the pixels is not a number, or is not above 0") }
    return model
  }

  /// The trained weights, as the run wrote them.
  ///
  /// - Throws: `BalanceError` where they cannot be read or have changed since.
  func weights() throws(BalanceError) -> StoredWeights {
    let weights = try StoredWeights(unaltered: location(.weights))
    // Those of another run are whole, too.
    guard try results.fit(.weights) else { throw alteration(of: .weights) }
    return weights
  }

  /// The trained weights, in parameters of their network.
  ///
  /// - Throws: `BalanceError` where they cannot be read or are not those of the run's model.
  public func parameters(of model: ModelDescription) throws(BalanceError) -> Parameters {
    let weights = try weights()
    // Before memory is taken for what a damaged description claims.
    let stored = weights.tensors.values.reduce(0) { $0 + $1.count }
    guard model.network.parameterCount <= stored else {
      throw BalanceError(
        .data,
        "has \(stored) values, fewer than the \(model.network.parameterCount) parameters that "
          + "\(RunFolder.File.model.rawValue) describes", at: location(.weights).path,
        remedy: "train the run again")
    }
    let parameters = try Parameters(model.network, seed: 0)
    try parameters.load(weights)
    return parameters
  }

  public func evaluation() throws(BalanceError) -> Evaluation {
    let evaluation = try json(Evaluation.self, .evaluation)
    guard evaluation.classes.map(\.name) == evaluation.confusion.classNames else {
      throw BalanceError(
        .data, "its scores and its confusion matrix are of different classes",
        at: location(.evaluation).path, remedy: "train the run again")
    }
    return evaluation
  }

  /// Accuracy and macro F1 on the test images, without reading the evaluation; nil where the record
  /// is of an earlier version and has them not.
  ///
  /// - Throws: `BalanceError` where there is no evaluation.
  public func scores(_ record: RunRecord) throws(BalanceError) -> RunRecord.Scores? {
    guard Self.has(.evaluation, url) else {
      throw BalanceError(
        .noInput, "cannot be read", at: location(.evaluation).path, remedy: "train the run again")
    }
    return record.scores
  }

  public func predictions() throws(BalanceError) -> PredictionTable {
    try PredictionTable(csv: data(.predictions), path: location(.predictions).path)
  }

  /// Nil where the dataset had no validation images.
  public func validation() throws(BalanceError) -> PredictionTable? {
    let place = location(.validation)
    guard FileManager.default.fileExists(atPath: place.path) else { return nil }
    return try PredictionTable(csv: data(.validation), path: place.path)
  }

  /// The name of a file of results that is gone, or holds something else than when the run was
  /// finished; nil where all are as they were, as far as the run knows it.
  package var alteredFile: String? { results.altered }

  private func data(_ file: File) throws(BalanceError) -> Data {
    let data = try Self.read(location(file))
    guard results.fit(data, file) else { throw alteration(of: file) }
    return data
  }

  private func alteration(of file: File) -> BalanceError {
    BalanceError(
      .data, "has changed since it was written: its checksum does not fit",
      at: location(file).path, remedy: "train the run again")
  }

  private static func read(_ place: URL) throws(BalanceError) -> Data {
    do throws(BalanceError) { return try RegularFile.read(place) } catch {
      let isThere = FileManager.default.fileExists(atPath: place.path)
      throw BalanceError(
        error.code, isThere ? error.what : "cannot be read", at: place.path,
        remedy: "train the run again")
    }
  }

  private func json<T: Decodable>(_ type: T.Type, _ file: File) throws(BalanceError) -> T {
    try Self.decode(type, from: data(file), at: location(file))
  }

  private static func decode<T: Decodable>(_ type: T.Type, from data: Data, at place: URL)
    throws(BalanceError) -> T
  {
    do { return try CanonicalJSON.decode(type, from: data) } catch {
      throw BalanceError(
        .data, "is damaged or was written by another version", at: place.path,
        remedy: "train the run again")
    }
  }
}
