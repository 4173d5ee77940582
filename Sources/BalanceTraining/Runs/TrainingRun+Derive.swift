import BalanceCore
import BalanceLoading
import BalanceNetworks
public import BalanceTensors
import Foundation

extension TrainingRun {
  /// Whether a finished run is this one but for what is done to the last layer afterwards, so that
  /// this one needs no training. It must have seen the very same data.
  public func isDerivable(from base: RunFolder) -> Bool {
    do { return try obstacle(toDerivingFrom: base) == nil } catch { return false }
  }

  /// Why this run cannot be made of a finished one, nil where it can.
  ///
  /// - Throws: `BalanceError` where the finished run's record cannot be read.
  private func obstacle(toDerivingFrom base: RunFolder) throws(BalanceError) -> String? {
    if configuration.remedy.postHoc == .none { return "nothing is done to the last layer" }
    let record = try base.record()
    let wanted = Self.settings(
      try configuration.with(postHoc: .none), components, data: data.dataset)
    guard Self.decisive(record.settings) == Self.decisive(wanted) else {
      return "it was trained under other settings"
    }
    return base.change(of: data.dataset, since: record).map { "since it was trained, \($0)" }
  }

  /// The run that training would give, from the weights of one that differs in `postHoc` alone.
  ///
  /// - Parameter keepsDivergence: as for `run(into:)`.
  /// - Throws: `BalanceError`, also where `isDerivable` is false, with the reason, and where both
  ///   folders are one; nothing is left behind then.
  public func run(
    from base: RunFolder, into writer: RunFolderWriter, pool: ComputePool,
    keepsDivergence: Bool = false
  ) throws -> RunFolder {
    do {
      try writer.refuse(source: base.url)
      if let obstacle = try obstacle(toDerivingFrom: base) {
        throw BalanceError(
          .data, "cannot be corrected: \(obstacle)", at: base.url.path, remedy: "train it again")
      }
      if try base.record().divergence != nil {
        try begin(writer, threads: pool.threads)
        return try writer.finish(record(derivedFrom: base, writer))
      }
      let parameters = try parameters(of: base)
      let predictor = try predictor(of: parameters, pool: pool)
      try begin(writer, threads: pool.threads)
      var record = try record(derivedFrom: base, writer)
      func predict(_ positions: Range<Int>) throws -> PredictionTable {
        let table = try predictor.predict(positions) {}
        guard table.probabilities.allSatisfy(\.isFinite) else { throw CorrectionDiverged() }
        return table
      }
      do {
        let note = try LastLayerCorrection(parameters, data.dataset.trainingCounts)
          .apply(configuration.remedy.postHoc) { try predict(data.dataset.validation) }
        if let note { record.notes?.append(note) }
        record.scores = try writeResults(
          of: parameters, history: RegularFile.read(base.location(.history)), into: writer,
          predict: predict)
      } catch is CorrectionDiverged {
        let reason =
          "the network's answers became not a number by the correction "
          + "\(configuration.remedy.postHoc)"
        guard keepsDivergence else {
          throw BalanceError(.data, reason, remedy: "take a smaller correction")
        }
        record.divergence = RunRecord.Divergence(step: 0, reason: reason)
        record.scores = nil
      }
      return try writer.finish(record)
    } catch {
      writer.cancel()
      throw error
    }
  }

  private func parameters(of base: RunFolder) throws(BalanceError) -> Parameters {
    let network = try components.network(
      data.cache.shape, classes: data.dataset.trainingCounts.classCount)
    let parameters = try Parameters(network, seed: configuration.seed)
    try parameters.load(base.weights())
    return parameters
  }

  /// As the trainer's is in its last epoch, for equal bits.
  private func predictor(of parameters: Parameters, pool: ComputePool) throws(BalanceError)
    -> any Predictor
  {
    let frozen = try configuration.tuning.frozenNodes(
      of: parameters.network, epoch: configuration.epochs - 1)
    return try configuration.predictor(data, parameters, frozen: frozen, pool: pool)
  }

  private func record(derivedFrom base: RunFolder, _ writer: RunFolderWriter) throws(BalanceError)
    -> RunRecord
  {
    var record = try base.record()
    record.notes = (record.notes ?? []) + ["the weights are those of the run '\(record.name)'"]
    record.name = writer.url.lastPathComponent
    record.settings = settings
    record.remedy = configuration.remedy.spelled
    record.data = data.dataset.identity
    record.finished = Date()
    return record
  }
}

/// A correction has made a network's answers infinite, or not numbers.
private struct CorrectionDiverged: Error {}
