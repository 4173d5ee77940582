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
  private let features: FeaturePredictor
  private let plan: TrainingPlan
  var predictor: any Predictor { features }

  init(_ features: FeaturePredictor, frozen: Set<Int>, pool: ComputePool) throws(BalanceError) {
    self.features = features
    let configuration = features.configuration
    plan = try TrainingPlan(
      features.head.network, parameters: features.head, batchSize: configuration.batchSize,
      pool: pool, options: configuration.planOptions,
      frozen: Set(frozen.map { $0 - features.offset }.filter { $0 > 0 }))
  }

  func batches(_ plan: EpochPlan, from first: Int, check: () throws -> Void) throws
    -> any BatchSource
  {
    let batchSize = features.configuration.batchSize
    return FeatureBatches(
      try features.table(check: check), labels: features.data.labels, draws: plan.draws,
      batchSize: batchSize, firstDraw: min(first * batchSize, plan.draws.count))
  }

  func forward(_ batch: Batch, _ randomness: PlanRandomness) throws(BalanceError)
    -> UnsafeBufferPointer<Float>
  {
    plan.randomness = randomness
    features.copyHead()
    return try plan.forward(batch.pixels, count: batch.count)
  }

  func backward(_ logitsGradient: UnsafeBufferPointer<Float>) {
    plan.backward(logitsGradient)
    for entry in features.head.tensors {
      if let gradient = features.head.gradient(named: entry.name) {
        _ = features.parameters.gradient(named: entry.name)?.update(from: gradient)
      }
    }
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
