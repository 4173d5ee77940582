import BalanceCore
import Foundation
import Networks
public import Tensors

extension TrainingRun {
  /// Whether a finished run is this one but for what is done to the last layer afterwards, so that
  /// this one needs no training.
  public func isDerivable(from base: RunFolder) -> Bool {
    guard configuration.postHoc != .none, let record = try? base.record() else { return false }
    var plain = configuration
    plain.postHoc = .none
    return record.settings == Self.settings(plain, data: data.data)
      && record.splitHash == data.data.splitHash
  }

  /// The run that training would give, from the weights of one that differs in `postHoc` alone.
  ///
  /// - Precondition: `isDerivable(from: base)`.
  /// - Throws: `BalanceError`; nothing is left behind then.
  public func run(from base: RunFolder, into writer: RunFolderWriter, pool: ComputePool) throws
    -> RunFolder
  {
    precondition(isDerivable(from: base), "\(base.url.path) is another run")
    do {
      let trainer = try Trainer(data, configuration: configuration, pool: pool)
      try writer.begin(RunOrigin(self, threads: pool.threads), manifest: manifest)
      try trainer.parameters.load(from: base.location(.weights))
      let note = try trainer.correct()
      try writeResults(
        of: trainer, history: Data(contentsOf: base.location(.history)), into: writer)
      var record = try base.record()
      record.notes = (record.notes ?? []) + ["the weights are those of the run '\(record.name)'"]
      if let note { record.notes?.append(note) }
      record.name = writer.url.lastPathComponent
      record.settings = Self.settings(configuration, data: data.data)
      record.finished = Date()
      return try writer.finish(record)
    } catch {
      writer.cancel()
      throw error
    }
  }
}
