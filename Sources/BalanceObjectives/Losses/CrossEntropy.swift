public import BalanceCore

/// `l = −log p_y`, p = softmax(z); with class weights `Σ w_y l / Σ w_y`, as PyTorch's
/// `CrossEntropyLoss(weight:)`.
///
/// `∂(w_y l)/∂z_k = w_y (p_k − 1[k = y])`.
public struct CrossEntropy: SoftmaxLoss {
  let kernel: LossKernel

  public init(weights: [Double]? = nil) { kernel = LossKernel(weights: weights) }

  public var fingerprint: String { "cross-entropy: -log p_y, p=softmax(z); \(reduction(weights))" }
}

/// `cross-entropy`: `CrossEntropy`.
public struct CrossEntropyRecipe: LossRecipe {
  public init() {}

  public static let form = SpelledForm("cross-entropy", "−log p_y", is: CrossEntropyRecipe())

  public func loss(counts: [Int], weights: [Double]?) -> any Loss { CrossEntropy(weights: weights) }

  public var correction: LossCorrection { .none }
  public var cosineScale: Double? { nil }
}

extension LossSpecification {
  public static let crossEntropy = LossSpecification(CrossEntropyRecipe())
}
