public import BalanceCore
public import BalanceObjectives
public import BalanceSampling

extension TrainingConfiguration {
  /// The loss of each epoch.
  ///
  /// - Throws: `BalanceError` with code `usage` for a loss and class weights that make no sense
  ///   together.
  public func lossSchedule() throws(BalanceError) -> LossSchedule {
    try LossSchedule(loss, weighting: classWeighting, weightsFrom: weightsFrom)
  }

  /// The sampling of each epoch.
  ///
  /// - Throws: as `SamplingSchedule.init(_:from:epochs:)`.
  public func samplingSchedule() throws(BalanceError) -> SamplingSchedule {
    try SamplingSchedule(strategy, from: strategyFrom, epochs: epochs)
  }

  /// Refuses settings of the loss that make no sense together, or with the sampling.
  ///
  /// - Throws: `BalanceError` with code `usage`, naming the setting and the reason.
  func checkLoss() throws(BalanceError) {
    _ = try lossSchedule()
    _ = try samplingSchedule()
    if let obstacle = loss.samplingObstacle, strategy != .none, strategy != .weighted(exponent: 1) {
      throw BalanceError(
        .usage, obstacle, at: "strategy",
        remedy:
          "take strategy none, or another loss; a comparison can list the arms that make sense")
    }
    if postHoc.priorTau != 0, loss.priorTau != 0 {
      throw BalanceError(
        .usage, "the loss \(loss) has the class shares in its logits already", at: "post-hoc",
        remedy: "take one of the two")
    }
    if postHoc != .none, loss.cosineScale != nil {
      throw BalanceError(
        .usage, "it changes a linear last layer, and the loss \(loss) has one of cosines",
        at: "post-hoc", remedy: "leave it out, or take another loss")
    }
    if let weightsFrom, weightsFrom > epochs {
      throw BalanceError.neverComes(epoch: weightsFrom, of: epochs, at: "defer-weights")
    }
  }
}
