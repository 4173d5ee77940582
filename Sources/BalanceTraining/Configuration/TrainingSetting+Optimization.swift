import BalanceCore
import BalanceOptimizers

/// The optimizer and the learning rate.
extension TrainingSetting {
  static let optimization = [
    spelled(
      "optimizer", .optimization, "The update rule", \.optimization.optimizer, valueName: "rule"),
    TrainingSetting(
      "lr", .optimization, "Learning rate before its schedule", valueName: "rate",
      defaultNote: usualRates,
      get: { $0.optimization.learningRate.map { "\($0)" } ?? "auto" },
      set: { configuration, text in
        if text == "auto" {
          configuration.optimization.learningRate = nil
        } else if let rate = Double(text), NumberRange.from(0, to: 1000).contains(rate) {
          configuration.optimization.learningRate = rate
        } else {
          throw refused(text, expected: "a number from 0.0 to 1000.0, or 'auto'")
        }
      }),
    real("momentum", .optimization, "Momentum of SGD", \.optimization.momentum, in: 0...0.9999),
    real("weight-decay", .optimization, "Weight decay", \.optimization.weightDecay, in: 0...1000),
    choice(
      "no-decay", .optimization, "Parameters without weight decay", \.optimization.decaySparing,
      kind: "group without weight decay", valueName: "group"),
    spelled(
      "clip", .optimization, "A bound on gradients", \.optimization.clipping, valueName: "bound"),
    spelled(
      "ema", .optimization, "Evaluate and save the moving average of the weights with this decay",
      \.optimization.averaging, valueName: "decay"),
    spelled(
      "schedule", .optimization, "The learning rate over the run", \.optimization.schedule),
    choice(
      "schedule-by", .optimization, "What the schedule counts", \.optimization.scheduleUnit,
      kind: "unit of a schedule", valueName: "unit"),
    spelled(
      "warm-up", .optimization, "Rise to the schedule's rate over this time", \.optimization.warmUp,
      valueName: "time"),
  ]

  private static var usualRates: String {
    let adam = OptimizerSpecification.adam(AdamConstants())
    return "\(OptimizerSpecification.sgd.usualRate), for Adam and its kin \(adam.usualRate)"
  }
}
