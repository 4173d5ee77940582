import BalanceCore
import Loading
import Networks
import Objectives
import Optimizers
import Sampling

/// One property of a `TrainingConfiguration`: its name and how it is written and read.
public struct TrainingSetting: Sendable {
  public let name: String
  let get: @Sendable (TrainingConfiguration) -> String
  let set: @Sendable (inout TrainingConfiguration, String) throws -> Void

  /// In the order that manifests are written.
  public static let all: [TrainingSetting] = [
    TrainingSetting(
      name: "model", get: \.model,
      set: { configuration, text in
        try ModelCatalog.check(text)
        configuration.model = text
      }),
    TrainingSetting(
      name: "strategy", get: { $0.strategy.description },
      set: {
        $0.strategy = try SamplingStrategy(parsing: $1)
      }),
    TrainingSetting(
      name: "defer-strategy", get: { $0.strategyFrom.map(String.init) ?? "none" },
      set: { configuration, text in
        let epoch = Int(text) ?? 0
        guard text == "none" || epoch >= 2 else {
          throw refused(text, expected: "'none' or an epoch from 2 up")
        }
        configuration.strategyFrom = text == "none" ? nil : epoch
      }),
    TrainingSetting(
      name: "loss", get: { $0.loss.description },
      set: {
        $0.loss = try LossSpecification(parsing: $1)
      }),
    TrainingSetting(
      name: "class-weights", get: { $0.classWeighting.description },
      set: {
        $0.classWeighting = try ClassWeighting(parsing: $1)
      }),
    TrainingSetting(
      name: "defer-weights", get: { $0.weightsFrom.map(String.init) ?? "none" },
      set: { configuration, text in
        let epoch = Int(text) ?? 0
        guard text == "none" || epoch >= 2 else {
          throw refused(text, expected: "'none' or an epoch from 2 up")
        }
        configuration.weightsFrom = text == "none" ? nil : epoch
      }),
    whole("epochs", \.epochs, from: 1),
    whole("batch-size", \.batchSize, from: 1),
    whole("accumulate", \.accumulation, from: 1),
    optimizer,
    learningRate,
    real("momentum", \.momentum, in: 0...0.9999),
    real("weight-decay", \.weightDecay, in: 0...1000),
    noDecay,
    clip,
    ema,
    TrainingSetting(
      name: "schedule", get: { $0.schedule.description },
      set: {
        $0.schedule = try Schedule(parsing: $1)
      }),
    scheduleUnit,
    warmUp,
    TrainingSetting(
      name: "early-stopping", get: { $0.earlyStopping.description },
      set: { $0.earlyStopping = try EarlyStopping(parsing: $1) }),
    TrainingSetting(
      name: "keep", get: { $0.weightChoice.description },
      set: { $0.weightChoice = try WeightChoice(parsing: $1) }),
    TrainingSetting(
      name: "post-hoc", get: { $0.postHoc.description },
      set: { $0.postHoc = try PostHoc(parsing: $1) }),
    TrainingSetting(
      name: "augment", get: { $0.augmentation.description },
      set: {
        $0.augmentation = try Augmentation(parsing: $1)
      }),
    optional("image-size", \.imageSize, in: 4...4096),
    optional("channels", \.channels, in: 1...3),
    TrainingSetting(
      name: "conv-algorithm", get: { $0.convolution.rawValue },
      set: { configuration, text in
        guard let algorithm = PlanOptions.ConvolutionAlgorithm(rawValue: text) else {
          throw Suggestion.unknown(
            "convolution algorithm", text,
            among: PlanOptions.ConvolutionAlgorithm.allCases.map(\.rawValue))
        }
        configuration.convolution = algorithm
      }),
    TrainingSetting(
      name: "precision", get: { $0.precision.rawValue },
      set: { configuration, text in
        guard let precision = Precision(rawValue: text) else {
          throw Suggestion.unknown(
            "precision", text, among: Precision.allCases.map(\.rawValue))
        }
        configuration.precision = precision
      }),
    TrainingSetting(
      name: "init", get: { $0.initialWeights ?? "none" },
      set: { $0.initialWeights = $1 == "none" ? nil : $1 }),
    TrainingSetting(
      name: "new-head", get: { "\($0.renewsHead)" },
      set: { configuration, text in
        guard let flag = Bool(text) else { throw refused(text, expected: "true or false") }
        configuration.renewsHead = flag
      }),
    TrainingSetting(
      name: "freeze", get: { $0.freezing.description },
      set: {
        $0.freezing = try Freezing(parsing: $1)
      }),
    TrainingSetting(
      name: "freeze-batch-norm", get: { "\($0.freezesBatchNorm)" },
      set: { configuration, text in
        guard let flag = Bool(text) else { throw refused(text, expected: "true or false") }
        configuration.freezesBatchNorm = flag
      }),
    TrainingSetting(
      name: "unfreeze-at", get: { $0.unfreezeAt.map(String.init) ?? "never" },
      set: { configuration, text in
        let epoch = Int(text) ?? 0
        guard text == "never" || epoch >= 2 else {
          throw refused(text, expected: "'never' or an epoch from 2 up")
        }
        configuration.unfreezeAt = text == "never" ? nil : epoch
      }),
    real("head-rate", \.headRate, in: 1e-6...1e6),
    real("backbone-rate", \.backboneRate, in: 1e-6...1e6),
    TrainingSetting(
      name: "seed", get: { "\($0.seed)" },
      set: { configuration, text in
        guard let seed = UInt64(text) else {
          throw refused(text, expected: "a whole number from 0 to \(UInt64.max)")
        }
        configuration.seed = seed
      }),
    whole("threads", \.threads, from: 0),
  ]

  public static var names: [String] { all.map(\.name) }

  private static func whole(
    _ name: String, _ path: any WritableKeyPath<TrainingConfiguration, Int> & Sendable,
    from low: Int
  ) -> TrainingSetting {
    TrainingSetting(
      name: name, get: { "\($0[keyPath: path])" },
      set: { configuration, text in
        guard let value = Int(text), value >= low, value <= 1_000_000_000 else {
          throw refused(text, expected: "a whole number from \(low) up")
        }
        configuration[keyPath: path] = value
      })
  }

  private static func optional(
    _ name: String, _ path: any WritableKeyPath<TrainingConfiguration, Int?> & Sendable,
    in range: ClosedRange<Int>
  ) -> TrainingSetting {
    TrainingSetting(
      name: name, get: { $0[keyPath: path].map(String.init) ?? "auto" },
      set: {
        configuration, text in
        if text == "auto" {
          configuration[keyPath: path] = nil
        } else if let value = Int(text), range.contains(value), !(name == "channels" && value == 2)
        {
          configuration[keyPath: path] = value
        } else {
          throw refused(
            text,
            expected: name == "channels"
              ? "'auto', 1 or 3"
              : "'auto' or a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
      })
  }

  private static func real(
    _ name: String, _ path: any WritableKeyPath<TrainingConfiguration, Double> & Sendable,
    in range: ClosedRange<Double>
  ) -> TrainingSetting {
    TrainingSetting(
      name: name, get: { "\($0[keyPath: path])" },
      set: { configuration, text in
        guard let value = Double(text), range.contains(value) else {
          throw refused(
            text, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        configuration[keyPath: path] = value
      })
  }

  static func refused(_ text: String, expected: String) -> BalanceError {
    BalanceError(.usage, "expected \(expected), found '\(text)'")
  }
}
