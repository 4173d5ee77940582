import BalanceCore
import BalanceLoading
import BalanceNetworks
import BalanceSampling
import BalanceTensors

/// The head of a network whose backbone is frozen, on features that are computed once: an epoch
/// costs a few matrix products instead of the whole network.
///
/// The trainer's parameters stay the ones that count: the head's values are taken from them before
/// every pass, its gradients are written back.
final class FeatureHead: TrainedPart {
  private let data: LoadedData
  private let configuration: TrainingConfiguration
  /// The whole network's.
  private let parameters: Parameters
  private let head: Parameters
  private let plan: TrainingPlan
  private let evaluation: EvaluationPlan
  private let source: FeatureSource
  private var features: FeatureTable?

  /// Nil where the backbone's features change from epoch to epoch; see `obstacle`.
  init?(
    _ data: LoadedData, configuration: TrainingConfiguration, parameters: Parameters,
    frozen: Set<Int>, pool: ComputePool
  ) throws(BalanceError) {
    guard Self.obstacle(configuration, parameters.network) == nil,
      let cut = parameters.network.cut(),
      parameters.entries.allSatisfy({ $0.node > cut.offset || frozen.contains($0.node) })
    else { return nil }
    self.data = data
    self.configuration = configuration
    self.parameters = parameters
    head = try Parameters(cut.head, seed: 0)
    plan = try TrainingPlan(
      cut.head, parameters: head, batchSize: configuration.batchSize, pool: pool,
      options: configuration.planOptions,
      frozen: Set(frozen.map { $0 - cut.offset }.filter { $0 > 0 }))
    evaluation = try EvaluationPlan(
      cut.head, parameters: head, batchSize: configuration.batchSize, pool: pool,
      options: configuration.planOptions)
    source = FeatureSource(
      data: data, configuration: configuration, backbone: cut.backbone, parameters: parameters,
      pool: pool)
  }

  /// Why the features of a wholly frozen backbone cannot be computed once; nil where they can.
  static func obstacle(_ configuration: TrainingConfiguration, _ network: Network) -> String? {
    if configuration.augmentation != .none { return "augmentation changes the images" }
    if network.cut() == nil { return "\(network.name) has no features behind a global average" }
    return nil
  }

  func batches(_ plan: EpochPlan, from first: Int, check: () throws -> Void) throws
    -> any BatchSource
  {
    FeatureBatches(
      try table(check: check), labels: data.labels, draws: plan.draws,
      batchSize: configuration.batchSize,
      firstDraw: min(first * configuration.batchSize, plan.draws.count))
  }

  func forward(_ batch: Batch, _ randomness: PlanRandomness) throws(BalanceError)
    -> UnsafeBufferPointer<Float>
  {
    plan.randomness = randomness
    head.copy(from: parameters)
    return try plan.forward(batch.pixels, count: batch.count)
  }

  func backward(_ logitsGradient: UnsafeBufferPointer<Float>) {
    plan.backward(logitsGradient)
    for entry in head.entries {
      if let gradient = head.gradient(named: entry.name) {
        _ = parameters.gradient(named: entry.name)?.update(from: gradient)
      }
    }
  }

  func predict(_ positions: Range<Int>, check: () throws -> Void) throws -> PredictionTable {
    head.copy(from: parameters)
    evaluation.refresh()
    let features = try table(check: check)
    var probabilities: [Float] = []
    for start in stride(
      from: positions.lowerBound, to: positions.upperBound, by: configuration.batchSize)
    {
      try check()
      let count = min(configuration.batchSize, positions.upperBound - start)
      let logits = try evaluation.logits(features.rows(start..<start + count), count: count)
      probabilities += Evaluator.softmax(logits, classes: head.network.classes)
    }
    return data.table(positions, probabilities: probabilities)
  }

  private func table(check: () throws -> Void) throws -> FeatureTable {
    if let features { return features }
    let made = try source.table(check: check)
    features = made
    return made
  }
}

/// Rows of a feature table in the order of an epoch's draws.
private final class FeatureBatches: BatchSource {
  private let features: FeatureTable
  private let labels: [Int]
  private let draws: [Draw]
  private let batchSize: Int
  private let rows: UnsafeMutableBufferPointer<Float>
  private let classes: UnsafeMutableBufferPointer<Int32>
  private let positions: UnsafeMutableBufferPointer<Int32>
  /// Draws.
  private var taken: Int

  init(_ features: FeatureTable, labels: [Int], draws: [Draw], batchSize: Int, firstDraw: Int) {
    taken = firstDraw
    self.features = features
    self.labels = labels
    self.draws = draws
    self.batchSize = batchSize
    rows = .allocate(capacity: batchSize * features.width)
    classes = .allocate(capacity: batchSize)
    positions = .allocate(capacity: batchSize)
  }

  deinit {
    rows.deallocate()
    classes.deallocate()
    positions.deallocate()
  }

  func next() -> Batch? {
    let range = taken..<min(taken + batchSize, draws.count)
    guard !range.isEmpty else { return nil }
    taken = range.upperBound
    for (slot, number) in range.enumerated() {
      let position = Int(draws[number].image)
      let target = rows[(slot * features.width)..<((slot + 1) * features.width)]
      _ = UnsafeMutableBufferPointer(rebasing: target)
        .update(from: features.rows(position..<position + 1))
      classes[slot] = Int32(labels[position])
      positions[slot] = Int32(position)
    }
    return Batch(
      pixels: UnsafeBufferPointer(rebasing: rows[..<(range.count * features.width)]),
      targets: .labels(UnsafeBufferPointer(rebasing: classes[..<range.count])),
      positions: UnsafeBufferPointer(rebasing: positions[..<range.count]),
      firstDraw: range.lowerBound)
  }
}
