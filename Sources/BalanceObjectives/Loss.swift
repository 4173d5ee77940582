public import BalanceCore

/// A loss on logits: its value and its gradient.
///
/// Shapes: logits and gradient `[N, K]`, row-major. Sums run in `Double`; logits of any finite size
/// give finite values.
public protocol Loss: Sendable {
  /// Formula, parameters, class weights and reduction as one line of text: two losses are the same
  /// function exactly if their fingerprints are equal. Goes into every report.
  var fingerprint: String { get }

  /// The weighted mean of the images' losses, and its gradient: `Σ w_y l_y / Σ w_y` for labels y;
  /// for targets q `Σ_i Σ_k q_ik w_k l_k / Σ_i Σ_k q_ik w_k`, with l_k what the loss is for the
  /// label k.
  ///
  /// For one-hot rows this is the value for labels; for mixtures of two labels with shares λ and
  /// 1 − λ, mixup's `λ l_a + (1 − λ) l_b`. PyTorch divides cross-entropy with class weights by N
  /// instead where targets are probabilities, so that one-hot rows and labels differ there.
  ///
  /// 0, with a gradient of 0, for no images and where every image has weight 0.
  ///
  /// - Parameter gradient: where to write ∂loss/∂logits, or nil.
  /// - Precondition: the buffers have these shapes, labels, shares and probabilities are in their
  ///   ranges, and there are as many class weights and class counts, if any, as classes.
  func evaluate(
    logits: UnsafeBufferPointer<Float>, targets: BatchTargets, classes: Int,
    gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Double

  /// Σ w_y or Σ_i Σ_k q_ik w_k, what the mean was divided by: the weight of this batch in a mean
  /// over several.
  ///
  /// - Precondition: as for `evaluate`.
  func totalWeight(of targets: BatchTargets) -> Double
}
