public import BalanceCore
public import BalanceObjectives
public import BalanceSampling

/// What a run does against imbalance: which images are drawn, how mistakes count, and what is done
/// to the last layer afterwards.
public struct RemedySettings: Hashable, Sendable {
  public var strategy = SamplingStrategy.none
  /// The first epoch, counted from 1, that is sampled by `strategy`; before it every image comes
  /// once (deferred resampling, DRS; Cao et al. 2019). Nil for all epochs.
  public var strategyFrom: Int?
  public var loss = LossSpecification.crossEntropy
  public var classWeighting = ClassWeighting.none
  /// The first epoch, counted from 1, in which class weights hold; nil for all epochs.
  public var weightsFrom: Int?
  public var postHoc = PostHoc.none

  public init() {}

  /// As records and reports have it.
  public var spelled: Remedy {
    Remedy(
      strategy: "\(strategy)", strategyFrom: strategyFrom, loss: "\(loss)",
      classWeights: "\(classWeighting)", weightsFrom: weightsFrom, postHoc: "\(postHoc)")
  }

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
  public func samplingSchedule(epochs: Int) throws(BalanceError) -> SamplingSchedule {
    try SamplingSchedule(strategy, from: strategyFrom, epochs: epochs)
  }

  /// Refuses settings that make no sense together.
  ///
  /// - Throws: `BalanceError` with code `usage`, naming the setting and the reason.
  func check(epochs: Int) throws(BalanceError) {
    _ = try lossSchedule()
    _ = try samplingSchedule(epochs: epochs)
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
