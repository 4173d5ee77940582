/// Cross-entropy with the prior in the logits: `l = −log softmax(z + τ log π)_y`, π_c = n_c / N.
///
/// τ = 1 is balanced softmax, whose log n_c differs from log π_c by a constant that softmax does not
/// see. The network's own logits z are then those of a classifier for balanced classes; the prior is
/// added in training only. A class without images gets π = 1e-12, so that losses stay finite.
///
/// Source: Menon et al., *Long-tail learning via logit adjustment*, ICLR 2021, equation 10; Ren et
/// al., *Balanced meta-softmax*, NeurIPS 2020.
public struct LogitAdjustedLoss: SoftmaxLoss {
  public let tau: Double
  /// π, one a class.
  public let priors: [Double]
  let kernel: LossKernel

  /// - Precondition: τ is finite and not negative.
  public init(counts: [Int], tau: Double = 1) {
    precondition(tau >= 0 && tau.isFinite, "logit adjustment needs tau >= 0, not \(tau)")
    self.tau = tau
    priors = Prior.shares(counts)
    kernel = LossKernel(offsets: Prior.logarithms(counts).map { tau * $0 })
  }

  public var fingerprint: String {
    "logit-adjusted: -log p_y, p=softmax(z + \(tau) log prior), prior=\(list(priors)); "
      + reduction(nil)
  }
}
