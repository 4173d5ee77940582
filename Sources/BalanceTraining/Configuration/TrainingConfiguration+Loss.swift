public import BalanceCore
import BalanceNetworks
public import BalanceObjectives
import BalanceSampling

extension TrainingConfiguration {
  /// The loss of each epoch.
  ///
  /// - Throws: `BalanceError` with code `usage` for a loss and class weights that make no sense
  ///   together.
  public func lossSchedule() throws(BalanceError) -> LossSchedule {
    try LossSchedule(loss, weighting: classWeighting, weightsFrom: weightsFrom)
  }

  /// Refuses settings of the loss that make no sense together, or with the sampling.
  ///
  /// - Throws: `BalanceError` with code `usage`, naming the setting and the reason.
  public func checkLoss() throws(BalanceError) {
    _ = try lossSchedule()
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
    if let strategyFrom {
      guard strategy != .none else {
        throw BalanceError(
          .usage, "there is no resampling to defer", at: "defer-strategy",
          remedy: "give a strategy, such as weighted")
      }
      guard strategyFrom <= epochs else {
        throw BalanceError(
          .usage, "epoch \(strategyFrom) of \(epochs) never comes", at: "defer-strategy",
          remedy: laterEpochRemedy)
      }
    }
    if let weightsFrom, weightsFrom > epochs {
      throw BalanceError(
        .usage, "epoch \(weightsFrom) of \(epochs) never comes", at: "defer-weights",
        remedy: laterEpochRemedy)
    }
  }

  /// How to mend a change that is to come in an epoch which the run does not have.
  var laterEpochRemedy: String {
    epochs < 2
      ? "leave it out, or train for more epochs: nothing can change within one"
      : "name an epoch from 2 to \(epochs)"
  }

  /// The model's network, with a layer of cosines at its end where the loss is one of angles.
  ///
  /// - Parameter cosine: whether the last layer gives cosines; nil for what the loss asks for.
  /// - Throws: `BalanceError` with code `usage` for a model that there is not, or that cannot end so.
  func network(_ input: ImageShape, classes: Int, cosine: Bool? = nil) throws(BalanceError)
    -> Network
  {
    let network = try ModelCatalog.network(model, input: input, classes: classes)
    let scale = loss.cosineScale
    guard cosine ?? (scale != nil) else { return network }
    // Weights without a loss of angles: their values do not depend on the scale.
    if scale == nil, network.hasCosineHead { return network }
    return try network.withCosineHead(scale: scale ?? 1)
  }
}
