import BalanceCore
public import BalanceOptimizers

/// The optimizer and the learning rate.
public struct OptimizationSettings: Hashable, Sendable {
  /// Parameters that weight decay leaves alone.
  public enum DecaySparing: String, CaseIterable, Sendable {
    case none
    case normsAndBiases = "norms-and-biases"
  }

  public var optimizer = OptimizerSpecification.sgd
  /// Before its schedule; nil takes what is usual for the optimizer, 0.1 for SGD and 0.001 for Adam
  /// and its kin.
  public var learningRate: Double?
  /// Of SGD.
  public var momentum = 0.9
  public var weightDecay = 5e-4
  public var decaySparing = DecaySparing.none
  public var clipping = GradientClipping.none
  public var averaging = WeightAveraging.none
  public var schedule = Schedule.cosine(minimum: 0)
  public var scheduleUnit = LearningRate.Unit.epoch
  public var warmUp = WarmUp.none

  public init() {}

  /// Refuses settings that make no sense together.
  ///
  /// - Throws: `BalanceError` with code `usage`, naming the setting and the reason.
  func check(epochs: Int) throws(BalanceError) {
    func refuse(_ name: String, _ what: String, _ remedy: String) -> BalanceError {
      BalanceError(.usage, what, at: name, remedy: remedy)
    }
    _ = try optimizer.rule(momentum: momentum, weightDecay: weightDecay)
    if !optimizer.usesMomentum, momentum != OptimizationSettings().momentum {
      throw refuse(
        "momentum", "\(optimizer) has no momentum but its first beta",
        "write it with the optimizer, as in adamw:\(momentum)")
    }
    if case .oneCycle(let cycle) = schedule {
      if warmUp != .none {
        throw refuse("warm-up", "the schedule one-cycle warms up itself", "leave the warm-up out")
      }
      if cycle.momentum?.lowerBound == 0, optimizer == .nesterov {
        throw refuse(
          "schedule", "Nesterov's momentum needs a momentum above 0",
          "raise the lower bound of one-cycle's momentum")
      }
    }
    if case .reduceOnPlateau = schedule, scheduleUnit == .step {
      throw refuse(
        "schedule-by", "reduce-on-plateau waits for validations, which come once an epoch",
        "set it to epoch")
    }
    if case .epochs(let count) = warmUp, count > epochs {
      throw refuse(
        "warm-up", "it would last \(count) epochs of \(epochs)", "shorten the warm-up")
    }
  }
}
