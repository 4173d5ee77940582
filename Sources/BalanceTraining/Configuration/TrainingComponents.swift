public import BalanceCore
public import BalanceNetworks
public import BalanceObjectives
public import BalanceOptimizers
public import BalanceSampling

/// What a trainer works with: made of a configuration, and in part the user's own where the user
/// has said so.
///
/// Losses and strategies of the user's own are values of the configuration
/// (`LossSpecification(MyLoss())`, `SamplingStrategy(MySampler())`). Whatever comes in here instead
/// has a name, which is in the run's settings, so that comparisons and diffs see it and a run
/// is gone on with only under the same.
public struct TrainingComponents: Sendable {
  /// Makes a network for images of a shape and a number of classes.
  public typealias NetworkMaker =
    @Sendable (ImageShape, _ classes: Int) throws(BalanceError) -> Network

  public let loss: LossSchedule
  public let sampling: SamplingSchedule
  public private(set) var rule: any UpdateRule
  private var makeNetwork: NetworkMaker
  /// The settings that are not the configuration's, with what holds instead.
  public private(set) var own: [String: String] = [:]

  /// - Throws: `BalanceError` for settings that make no sense together.
  public init(_ configuration: TrainingConfiguration) throws(BalanceError) {
    loss = try configuration.remedy.lossSchedule()
    sampling = try configuration.remedy.samplingSchedule(epochs: configuration.epochs)
    rule = try configuration.optimization.optimizer.rule(
      momentum: configuration.optimization.momentum,
      weightDecay: configuration.optimization.weightDecay)
    let model = configuration.model
    makeNetwork = { (input, classes) throws(BalanceError) in
      try ModelCatalog.network(model, input: input, classes: classes)
    }
  }

  /// Trains a network of the user's own.
  ///
  /// - Parameters:
  ///   - name: what it is called in records; another name for another network.
  ///   - make: must end with one logit a class.
  public mutating func useNetwork(_ name: String, _ make: @escaping NetworkMaker) {
    own["model"] = name
    makeNetwork = make
  }

  /// Trains by an update rule of the user's own, with its own momentum and weight decay.
  public mutating func useRule(_ rule: some UpdateRule) {
    own["optimizer"] = rule.fingerprint
    self.rule = rule
  }

  /// The network, with a layer of cosines at its end where the loss is one of angles.
  ///
  /// - Parameter cosine: whether the last layer gives cosines; nil for what the loss asks for.
  /// - Throws: `BalanceError` with code `usage` for a model that there is not, or that cannot end
  ///   so.
  func network(_ input: ImageShape, classes: Int, cosine: Bool? = nil) throws(BalanceError)
    -> Network
  {
    let network = try makeNetwork(input, classes)
    let scale = loss.loss.cosineScale
    guard cosine ?? (scale != nil) else { return network }
    // Weights without a loss of angles: their values do not depend on the scale.
    if scale == nil, network.hasCosineHead { return network }
    return try network.withCosineHead(scale: scale ?? 1)
  }
}
