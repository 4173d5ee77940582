import BalanceCore
import Optimizers

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

  static let noDecay = TrainingSetting(
    name: "no-decay", get: { $0.decaySparing.rawValue },
    set: { configuration, text in
      guard let sparing = TrainingConfiguration.DecaySparing(rawValue: text) else {
        throw Suggestion.unknown(
          "group without weight decay", text,
          among: TrainingConfiguration.DecaySparing.allCases.map(\.rawValue))
      }
      configuration.decaySparing = sparing
    })

  static let clip = TrainingSetting(
    name: "clip", get: { $0.clipping.description },
    set: { $0.clipping = try GradientClipping(parsing: $1) })

  static let ema = TrainingSetting(
    name: "ema", get: { $0.averaging.description },
    set: { $0.averaging = try WeightAveraging(parsing: $1) })

  static let scheduleUnit = TrainingSetting(
    name: "schedule-by", get: { $0.scheduleUnit.rawValue },
    set: { configuration, text in
      guard let unit = LearningRate.Unit(rawValue: text) else {
        throw Suggestion.unknown(
          "unit of a schedule", text, among: LearningRate.Unit.allCases.map(\.rawValue))
      }
      configuration.scheduleUnit = unit
    })

  static let warmUp = TrainingSetting(
    name: "warm-up", get: { $0.warmUp.description },
    set: { $0.warmUp = try WarmUp(parsing: $1) })
}
