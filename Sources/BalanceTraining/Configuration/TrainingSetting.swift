import BalanceCore
import BalanceLoading
import BalanceNetworks
import BalanceObjectives
import BalanceOptimizers
import BalanceSampling

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
    epoch("defer-strategy", \.strategyFrom, absent: "none"),
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
    epoch("defer-weights", \.weightsFrom, absent: "none"),
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
      name: "range", get: { $0.range.description },
      set: {
        $0.range = try RangeChoice(parsing: $1)
      }),
    choice("conv-algorithm", \.convolution, kind: "convolution algorithm"),
    choice("precision", \.precision, kind: "precision"),
    TrainingSetting(
      name: "init", get: { $0.initialWeights ?? "none" },
      set: { $0.initialWeights = $1 == "none" ? nil : $1 }),
    flag("new-head", \.renewsHead),
    TrainingSetting(
      name: "freeze", get: { $0.freezing.description },
      set: {
        $0.freezing = try Freezing(parsing: $1)
      }),
    flag("freeze-batch-norm", \.freezesBatchNorm),
    epoch("unfreeze-at", \.unfreezeAt, absent: "never"),
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
    TrainingSetting(
      name: "threads", get: { "\($0.threads)" },
      set: { configuration, text in
        guard let count = Int(text) else {
          throw refused(text, expected: "a whole number from 0 up")
        }
        if count != 0 { try MachineLimits.check(threads: count, at: "threads") }
        configuration.threads = count
      }),
  ]

  public static var names: [String] { all.map(\.name) }
}
