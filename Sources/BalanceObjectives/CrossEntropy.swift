/// `l = −log p_y`, p = softmax(z); with class weights `Σ w_y l / Σ w_y`, as PyTorch's
/// `CrossEntropyLoss(weight:)`.
///
/// `∂(w_y l)/∂z_k = w_y (p_k − 1[k = y])`.
public struct CrossEntropy: SoftmaxLoss {
  let kernel: LossKernel

  public init(weights: [Double]? = nil) { kernel = LossKernel(weights: weights) }

  public var fingerprint: String { "cross-entropy: -log p_y, p=softmax(z); \(reduction(weights))" }
}
