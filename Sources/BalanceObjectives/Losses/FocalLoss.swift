public import BalanceCore

/// `l = −(1 − p_y)^γ log p_y`, p = softmax(z); with class weights α `Σ α_y l / Σ α_y`.
///
/// p_y is the softmax probability itself: the weights multiply the loss and do not enter p_y, and
/// there is no α unless weights are given. γ = 0 is weighted cross-entropy. With the weights of the
/// effective number it is the class-balanced focal loss, for softmax and not for K sigmoids.
///
/// `∂(α_y l)/∂z_k = α_y g (p_k − 1[k = y])`,
/// `g = (1−p_y)^γ − γ p_y (1−p_y)^(γ−1) log p_y`.
///
/// Source: Lin et al., *Focal loss for dense object detection*, ICCV 2017, for softmax; Cui et al.,
/// *Class-balanced loss based on effective number of samples*, CVPR 2019.
public struct FocalLoss: SoftmaxLoss {
  let kernel: LossKernel

  /// - Parameter weights: α, one a class; nil for 1.
  /// - Precondition: γ is finite and not negative.
  public init(gamma: Double = 2, weights: [Double]? = nil) {
    precondition(gamma >= 0 && gamma.isFinite, "focal loss needs gamma >= 0, not \(gamma)")
    kernel = LossKernel(weights: weights, gamma: gamma)
  }

  public var gamma: Double { kernel.gamma }

  public var fingerprint: String {
    "focal: -(1-p_y)^\(gamma) log p_y, p=softmax(z), unweighted p_y; \(reduction(weights))"
  }
}

/// `focal:GAMMA`: `FocalLoss`.
public struct FocalRecipe: LossRecipe {
  public let gamma: Double

  public init(gamma: Double) { self.gamma = gamma }

  /// γ as it is spelled.
  static let gamma = SpelledOption.number("GAMMA", .from(0), usual: 2)

  public static let form = SpelledForm(
    "focal", "−(1 − p_y)^GAMMA log p_y", gamma,
    make: { FocalRecipe(gamma: $0) }, take: { $0.gamma })

  public func loss(counts: [Int], weights: [Double]?) -> any Loss {
    FocalLoss(gamma: gamma, weights: weights)
  }

  public var correction: LossCorrection { .none }
  public var cosineScale: Double? { nil }
}

extension LossSpecification {
  public static func focal(gamma: Double) -> LossSpecification {
    LossSpecification(FocalRecipe(gamma: gamma))
  }
}
