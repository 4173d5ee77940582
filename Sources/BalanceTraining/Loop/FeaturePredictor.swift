import BalanceCore
import BalanceLoading
import BalanceNetworks
import BalanceTensors

/// The head of a network whose backbone is frozen, on features that are computed once.
final class FeaturePredictor: Predictor {
  let data: LoadedData
  let configuration: ResolvedConfiguration
  /// The whole network's.
  let parameters: Parameters
  /// The head's own, which `copyHead` takes from the whole network's.
  let head: Parameters
  /// Where the head begins: its node 0 is this one of the network.
  let offset: Int
  private let plan: EvaluationPlan
  private let source: FeatureSource
  private var features: FeatureTable?

  /// Nil where the backbone's features change from epoch to epoch; see `obstacle`.
  init?(
    _ data: LoadedData, configuration: ResolvedConfiguration, parameters: Parameters,
    frozen: Set<Int>, pool: ComputePool
  ) throws(BalanceError) {
    guard Self.obstacle(configuration, parameters.network) == nil,
      let cut = parameters.network.cut(),
      parameters.tensors.allSatisfy({ $0.node > cut.offset || frozen.contains($0.node) })
    else { return nil }
    self.data = data
    self.configuration = configuration
    self.parameters = parameters
    offset = cut.offset
    head = try Parameters(cut.head, seed: 0)
    plan = try EvaluationPlan(
      cut.head, parameters: head, batchSize: configuration.batchSize, pool: pool,
      options: configuration.planOptions)
    source = FeatureSource(
      data: data, configuration: configuration, backbone: cut.backbone, parameters: parameters,
      pool: pool)
  }

  /// Why the features of a wholly frozen backbone cannot be computed once; nil where they can.
  static func obstacle(_ configuration: ResolvedConfiguration, _ network: Network) -> String? {
    if configuration.images.augmentation != .none { return "augmentation changes the images" }
    if network.cut() == nil { return "\(network.name) has no features behind a global average" }
    return nil
  }

  func copyHead() { head.copy(from: parameters) }

  func predict(_ positions: Range<Int>, check: () throws -> Void) throws -> PredictionTable {
    copyHead()
    plan.refresh()
    let features = try table(check: check)
    var probabilities: [Float] = []
    for start in stride(
      from: positions.lowerBound, to: positions.upperBound, by: configuration.batchSize)
    {
      try check()
      let count = min(configuration.batchSize, positions.upperBound - start)
      let logits = try plan.logits(features.rows(start..<start + count), count: count)
      probabilities += Evaluator.softmax(logits, classes: head.network.classes)
    }
    return data.table(positions, probabilities: probabilities)
  }

  func trained(frozen: Set<Int>, pool: ComputePool) throws(BalanceError) -> any TrainedPart {
    try FeatureHead(self, frozen: frozen, pool: pool)
  }

  /// The features of all images, computed at the first call.
  func table(check: () throws -> Void) throws -> FeatureTable {
    if let features { return features }
    let made = try source.table(check: check)
    features = made
    return made
  }
}
