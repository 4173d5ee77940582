/// A loss as it is named in a manifest or on the command line, without class weights.
///
/// Written and read as it is spelled (`description`).
public enum LossSpecification: Hashable, Sendable {
  case crossEntropy
  case focal(gamma: Double)
  /// Focal loss with the class weights of the effective number for β.
  case classBalancedFocal(beta: Double, gamma: Double)
  case labelSmoothing(epsilon: Double, form: LabelSmoothing.Form = .allClasses)
  case labelAwareSmoothing(head: Double, tail: Double)
  case ldam(margin: Double, scale: Double)
  case logitAdjusted(tau: Double)
  /// The same function as `logitAdjusted`, by its other name.
  case balancedSoftmax(tau: Double)
  case vectorScaling(gamma: Double, tau: Double)

  /// The loss for training images of these counts, with class weights or without.
  ///
  /// - Parameter weights: one a class; nil for 1.
  /// - Precondition: no weights for a loss of `weightsObstacle`.
  public func loss(counts: [Int], weights: [Double]? = nil) -> any Loss {
    precondition(weights == nil || weightsObstacle == nil, "\(self) takes no class weights")
    switch self {
    case .crossEntropy: return CrossEntropy(weights: weights)
    case .focal(let gamma): return FocalLoss(gamma: gamma, weights: weights)
    case .classBalancedFocal(let beta, let gamma):
      return FocalLoss(
        gamma: gamma, weights: ClassWeighting.effectiveNumberWeights(beta: beta, counts))
    case .labelSmoothing(let epsilon, let form):
      return LabelSmoothing(epsilon: epsilon, form: form, weights: weights)
    case .labelAwareSmoothing(let head, let tail):
      return LabelAwareSmoothing(counts: counts, head: head, tail: tail, weights: weights)
    case .ldam(let margin, let scale):
      return LDAMLoss(counts: counts, maximumMargin: margin, scale: scale, weights: weights)
    case .logitAdjusted(let tau), .balancedSoftmax(let tau):
      return LogitAdjustedLoss(counts: counts, tau: tau)
    case .vectorScaling(let gamma, let tau):
      return VectorScalingLoss(counts: counts, gamma: gamma, tau: tau, weights: weights)
    }
  }

  /// The loss without the class weights that it brings itself.
  var unweighted: LossSpecification {
    if case .classBalancedFocal(_, let gamma) = self { .focal(gamma: gamma) } else { self }
  }

  /// The class weights that the loss brings itself; nil for none.
  public var ownWeighting: ClassWeighting? {
    if case .classBalancedFocal(let beta, _) = self { .effectiveNumber(beta: beta) } else { nil }
  }

  /// The scale s of the cosines that the loss takes for logits; nil for any logits.
  ///
  /// LDAM's margins are lengths on the unit sphere. On the logits of a plain linear layer training
  /// can escape them by growing the weights, and the authors' users saw it diverge; so the loss
  /// brings its layer, and there is no LDAM without.
  public var cosineScale: Double? {
    if case .ldam(_, let scale) = self { scale } else { nil }
  }

  /// τ of the prior that the loss adds to the logits in training; 0 for none.
  public var priorTau: Double {
    switch self {
    case .logitAdjusted(let tau), .balancedSoftmax(let tau), .vectorScaling(_, let tau): tau
    default: 0
    }
  }

  /// Why the loss takes no class weights; nil where it does.
  public var weightsObstacle: String? {
    switch self {
    case .classBalancedFocal: "the loss \(self) brings its own class weights"
    // The struct takes them, but what it has left to correct is only the scale.
    case .vectorScaling(_, let tau) where tau == 0: nil
    case .logitAdjusted, .balancedSoftmax, .vectorScaling:
      "the loss \(self) has the class shares in its logits: weights would correct them twice"
    default: nil
    }
  }

  /// Why the loss goes with no sampling that changes the class shares; nil where it does.
  public var samplingObstacle: String? {
    priorTau == 0
      ? nil
      : "the loss \(self) has the shares of the training images in its logits: sampling that "
        + "changes them would correct the imbalance twice"
  }
}

extension LossSpecification: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
