/// Post-hoc logit adjustment: `z_c − τ log π_c`, so that a network trained on the shares π judges
/// as if all classes were equally frequent.
///
/// τ = 1 is Bayes' rule for the change of shares; other values are tuned on validation images. It
/// also takes log p for z. A class without training images counts as π = 1e-12, which raises it by
/// 27.6 τ: leave it out of the prediction where there are such classes. Not for losses that have
/// the shares in their logits already.
///
/// Source: Menon et al., *Long-tail learning via logit adjustment*, ICLR 2021, equation 9.
public struct LogitAdjustment: Hashable, Sendable {
  public let tau: Double
  /// −τ log π_c, one a class.
  public let offsets: [Double]

  /// - Precondition: τ is finite.
  public init(counts: [Int], tau: Double = 1) {
    precondition(tau.isFinite, "tau of a logit adjustment is \(tau)")
    self.tau = tau
    offsets = Prior.logarithms(counts).map { -tau * $0 }
  }

  /// Adjusts rows of logits `[N, K]` in place.
  ///
  /// - Precondition: K is the number of counts.
  public func apply(to logits: UnsafeMutableBufferPointer<Float>) {
    precondition(
      offsets.isEmpty ? logits.isEmpty : logits.count % offsets.count == 0,
      "\(logits.count) logits are not rows of \(offsets.count)")
    for i in logits.indices {
      logits[i] = Float(Double(logits[i]) + offsets[i % offsets.count])
    }
  }
}
