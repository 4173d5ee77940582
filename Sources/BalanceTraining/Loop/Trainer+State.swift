import BalanceCore
import BalanceNetworks
import BalanceOptimizers
import Foundation

extension Trainer {
  /// Writes a checkpoint, whole or not at all: between two steps, before the result is taken.
  ///
  /// - Parameters:
  ///   - history: rows of the epochs so far.
  ///   - asked: whether it is written although the loss is far above that of the beginning.
  /// - Returns: false, and nothing is written, where a weight is not finite or the loss is too
  ///   high.
  /// - Throws: `BalanceError` where the file cannot be written; what was there stays.
  func saveCheckpoint(to url: URL, history: [TrainingHistory.Row], asked: Bool) throws -> Bool {
    guard asked || !position.isDiverging, parameters.values.allSatisfy(\.isFinite),
      parameters.bufferValues.allSatisfy(\.isFinite)
    else { return false }
    let (optimizer, average) = (optimizer.state, averaged?.state)
    var arrays: [String: [Float]] = [:]
    for (name, values) in optimizer.arrays { arrays["optimizer.\(name)"] = values }
    arrays["average.values"] = average?.values.values
    arrays["average.buffers"] = average?.buffers?.values
    if let best, best.state.epoch != nil {
      arrays["best.values"] = best.state.values
      arrays["best.buffers"] = best.state.buffers
    }
    let header = TrainerState.Header(
      position: position, rates: rates, stopping: stopping, best: best?.state, notes: notes,
      optimizer: .init(
        rule: optimizer.rule, stepCount: optimizer.stepCount, tensorSteps: optimizer.tensorSteps,
        arrays: optimizer.arrays.keys.sorted()),
      averageUpdates: [average?.values.updates, average?.buffers?.updates].compactMap(\.self),
      history: history)
    try TrainerState(header: header, arrays: arrays, timesDrawn: timesDrawn)
      .save(to: url, parameters: parameters)
    checkpoint = (position.step, url.path)
    return true
  }

  /// Goes back to a checkpoint: the run that follows equals the uninterrupted one.
  ///
  /// - Returns: rows of the epochs so far.
  /// - Throws: `BalanceError` where it is damaged or of another run.
  func restoreCheckpoint(from url: URL) throws(BalanceError) -> [TrainingHistory.Row] {
    let state = try TrainerState(reading: url, into: parameters)
    let header = state.header
    func other(_ what: String) -> BalanceError {
      BalanceError(
        .data, "\(what) of the checkpoint is not that of the run", at: url.path,
        remedy: "delete the file, and the run starts again when it is resumed")
    }
    if let what = obstacle(to: state) { throw other(what) }
    func array(_ name: String) -> [Float] { state.arrays[name] ?? [] }
    try optimizer.restore(
      OptimizerState(
        rule: header.optimizer.rule, stepCount: header.optimizer.stepCount,
        tensorSteps: header.optimizer.tensorSteps,
        arrays: Dictionary(
          uniqueKeysWithValues: Set(header.optimizer.arrays).map { ($0, array("optimizer.\($0)")) })
      ))
    if let averaged {
      let updates = header.averageUpdates
      guard let first = updates.first, let last = updates.last else { throw other("the average") }
      try averaged.restore(
        .init(
          values: .init(updates: first, values: array("average.values")),
          buffers: updates.count > 1
            ? .init(updates: last, values: array("average.buffers")) : nil))
    }
    if let best, var saved = header.best {
      saved.values = array("best.values")
      saved.buffers = array("best.buffers")
      try best.restore(saved)
    }
    rates = header.rates
    stopping = header.stopping
    timesDrawn = state.timesDrawn
    position = header.position
    // The epoch under way, or the last one, has changed what is frozen and the loss; an epoch that
    // has not begun will do so itself.
    let begun = position.batch > 0 ? position.epoch : max(position.epoch - 1, 0)
    _ = try prepare(epoch: min(begun, configuration.epochs - 1))
    notes = header.notes + (state.note.map { [$0] } ?? [])
    checkpoint = (position.step, url.path)
    position.resumedAt.append(position.step)
    return header.history
  }
}
