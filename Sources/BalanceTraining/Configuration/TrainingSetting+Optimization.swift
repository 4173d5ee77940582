import BalanceCore
import BalanceOptimizers

/// The optimizer and the learning rate.
extension TrainingSetting {
  static let optimization = [
    spelled("optimizer", .optimization, "The update rule", \.optimizer, valueName: "rule"),
    TrainingSetting(
      "lr", .optimization, "Learning rate before its schedule", valueName: "rate",
      defaultNote: usualRates,
      get: { $0.givenLearningRate.map { "\($0)" } ?? "auto" },
      set: { configuration, text in
        if text == "auto" {
          configuration.givenLearningRate = nil
        } else if let rate = Double(text), NumberRange.from(0, to: 1000).contains(rate) {
          configuration.learningRate = rate
        } else {
          throw refused(text, expected: "a number from 0.0 to 1000.0, or 'auto'")
        }
      }),
    real("momentum", .optimization, "Momentum of SGD", \.momentum, in: 0...0.9999),
    real("weight-decay", .optimization, "Weight decay", \.weightDecay, in: 0...1000),
    choice(
      "no-decay", .optimization, "Parameters without weight decay", \.decaySparing,
      kind: "group without weight decay", valueName: "group"),
    spelled("clip", .optimization, "A bound on gradients", \.clipping, valueName: "bound"),
    spelled(
      "ema", .optimization, "Evaluate and save the moving average of the weights with this decay",
      \.averaging, valueName: "decay"),
    spelled(
      "schedule", .optimization, "The learning rate over the run", \.schedule),
    choice(
      "schedule-by", .optimization, "What the schedule counts", \.scheduleUnit,
      kind: "unit of a schedule", valueName: "unit"),
    spelled(
      "warm-up", .optimization, "Rise to the schedule's rate over this time", \.warmUp,
      valueName: "time"),
  ]

  private static var usualRates: String {
    let adam = OptimizerSpecification.adam(AdamConstants())
    return "\(OptimizerSpecification.sgd.usualRate), for Adam and its kin \(adam.usualRate)"
  }
}
