import BalanceCore
import BalanceOptimizers

/// Settings of the optimizer and of the learning rate.
extension TrainingSetting {
  static let optimizer = TrainingSetting(
    name: "optimizer", get: { $0.optimizer.description },
    set: { $0.optimizer = try OptimizerSpecification(parsing: $1) })

  static let learningRate = TrainingSetting(
    name: "lr", get: { $0.givenLearningRate.map { "\($0)" } ?? "auto" },
    set: { configuration, text in
      if text == "auto" {
        configuration.givenLearningRate = nil
      } else if let rate = Double(text), (0...1000).contains(rate) {
        configuration.learningRate = rate
      } else {
        throw refused(text, expected: "a number from 0.0 to 1000.0, or 'auto'")
      }
    })

  static let noDecay = choice("no-decay", \.decaySparing, kind: "group without weight decay")

  static let clip = TrainingSetting(
    name: "clip", get: { $0.clipping.description },
    set: { $0.clipping = try GradientClipping(parsing: $1) })

  static let ema = TrainingSetting(
    name: "ema", get: { $0.averaging.description },
    set: { $0.averaging = try WeightAveraging(parsing: $1) })

  static let scheduleUnit = choice("schedule-by", \.scheduleUnit, kind: "unit of a schedule")

  static let warmUp = TrainingSetting(
    name: "warm-up", get: { $0.warmUp.description },
    set: { $0.warmUp = try WarmUp(parsing: $1) })
}
