import BalanceCore
import BalanceNetworks

/// What is trained, for how long, and on what.
extension TrainingSetting {
  static let model = TrainingSetting(
    "model", .training,
    "\(ModelCatalog.names.listed(by: "or")), or 'layers: conv 32, pool, …'",
    get: \.model,
    set: { configuration, text in
      try ModelCatalog.check(text)
      configuration.model = text
    })

  static let lengths = [
    whole(
      "epochs", .training, "How many epochs, each of as many draws as there are images",
      \.epochs, from: 1),
    whole(
      "batch-size", .training, "Images whose gradients are computed at once", \.batchSize, from: 1,
      valueName: "images"),
    whole(
      "accumulate", .training, "Batches whose gradients make one optimizer step", \.accumulation,
      from: 1, valueName: "batches"),
  ]

  static let choices = [
    spelled(
      "early-stopping", .training,
      "End when a validation figure has not become better for so many epochs", \.earlyStopping,
      valueName: "patience"),
    spelled("keep", .training, "The weights to evaluate and save", \.weightChoice),
    spelled(
      "post-hoc", .remedy, "What is done to the trained last layer", \.remedy.postHoc,
      valueName: "correction"),
  ]

  static let machine = [
    choice(
      "conv-algorithm", .training, "How convolutions are computed", \.convolution,
      kind: "convolution algorithm", valueName: "algorithm"),
    choice(
      "precision", .training,
      "bf16 takes half the memory and is faster where the processor has it; auto is bf16 where it "
        + "is fast", \.precision, kind: "precision", valueName: "type"),
  ]

  static let seed = TrainingSetting(
    "seed", .seed, "Seed of everything that is random",
    get: { "\($0.seed)" },
    set: { configuration, text in
      guard let seed = UInt64(text) else {
        throw refused(text, expected: "a whole number from 0 to \(UInt64.max)")
      }
      configuration.seed = seed
    })

  static let threads = TrainingSetting(
    "threads", .training, "Threads that compute", defaultNote: "all cores",
    get: { "\($0.threads)" },
    set: { configuration, text in
      guard let count = Int(text) else {
        throw refused(text, expected: "a whole number from 0 up")
      }
      if count != 0 { try MachineLimits.check(threads: count, at: "threads") }
      configuration.threads = count
    })
}
