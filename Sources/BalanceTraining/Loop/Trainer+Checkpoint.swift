import BalanceNetworks
import BalanceOptimizers

extension Trainer {
  /// What of a checkpoint cannot be of this run; nil where nothing speaks against it.
  ///
  /// The counts of a run depend on one another: those that steps, epochs and draws leave are the
  /// only ones that are taken, so that none of them can overflow later.
  func obstacle(to state: TrainerState) -> String? {
    let header = state.header
    let position = header.position
    guard (0...configuration.epochs).contains(position.epoch),
      (0...batchesPerEpoch).contains(position.batch),
      position.isOver || position.epoch < configuration.epochs,
      position.step == steps(before: position.epoch, batch: position.batch),
      position.resumedAt.allSatisfy({ (0...position.step).contains($0) })
    else { return "the position" }
    guard header.rates.isPossible(after: position.epoch, of: rates) else { return "the schedule" }
    let draws = state.timesDrawn
    guard draws.count == timesDrawn.count, draws.allSatisfy({ $0 >= 0 }),
      draws.reduce(0, { $0 + Int($1) }) == position.epoch * draws.count
    else { return "the count of draws" }
    guard header.optimizer.stepCount == position.step else { return "the optimizer" }
    guard header.averageUpdates.allSatisfy({ $0 == position.step }) else { return "the average" }
    guard header.best?.epoch.map((0..<position.epoch).contains) ?? true else {
      return "the best epoch"
    }
    guard (0...position.epoch).contains(header.stopping.epochsSince) else {
      return "the state of early stopping"
    }
    guard header.history.count == position.epoch,
      header.history.enumerated().allSatisfy({ $1.epoch == $0 + 1 })
    else { return "the history" }
    return nil
  }

  /// Optimizer steps before a batch of an epoch, both from 0.
  private func steps(before epoch: Int, batch: Int) -> Int {
    epoch * stepsPerEpoch + (batch + configuration.accumulation - 1) / configuration.accumulation
  }
}
