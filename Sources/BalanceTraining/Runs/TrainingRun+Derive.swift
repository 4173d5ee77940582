import BalanceCore
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
    if configuration.postHoc == .none { return "nothing is done to the last layer" }
    let record = try base.record()
    var plain = configuration
    plain.postHoc = .none
    let wanted = TrainingRun(data, components: components, configuration: plain).settings
    guard Self.decisive(record.settings) == Self.decisive(wanted) else {
      return "it was trained under other settings"
    }
    return base.change(of: data.data, since: record).map { "since it was trained, \($0)" }
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
      let trainer = try Trainer(
        data, components: components, configuration: configuration, pool: pool)
      try trainer.parameters.load(base.weights())
      try begin(writer, threads: pool.threads)
      var record = try record(derivedFrom: base, writer)
      do {
        if let note = try trainer.correct() { record.notes?.append(note) }
        record.scores = try writeResults(
          of: trainer, history: RegularFile.read(base.location(.history)), into: writer)
      } catch {
        guard keepsDivergence, trainer.divergence != nil else { throw error }
        record.divergence = trainer.divergence
        record.scores = nil
      }
      return try writer.finish(record)
    } catch {
      writer.cancel()
      throw error
    }
  }

  private func record(derivedFrom base: RunFolder, _ writer: RunFolderWriter) throws(BalanceError)
    -> RunRecord
  {
    var record = try base.record()
    record.notes = (record.notes ?? []) + ["the weights are those of the run '\(record.name)'"]
    record.name = writer.url.lastPathComponent
    record.settings = settings
    record.remedy = configuration.remedy
    record.data = data.data.identity
    record.finished = Date()
    return record
  }
}
