import Foundation

/// τ-normalization of a classifier's weights: `W_c / ‖W_c‖^τ`.
///
/// Trained on imbalanced images, rows of frequent classes grow longer than those of rare ones;
/// τ = 0 leaves them, τ = 1 makes all of length 1. The bias is not used with it. A row of zeros
/// stays.
///
/// Source: Kang et al., *Decoupling representation and classifier for long-tailed recognition*,
/// ICLR 2020, section 4.2.
public enum TauNormalization {
  /// - Parameters:
  ///   - weights: `[K, F]`, row-major, changed in place.
  ///   - classes: K.
  /// - Precondition: the weights are K rows of equal length; τ is finite.
  public static func apply(
    to weights: UnsafeMutableBufferPointer<Float>, classes: Int, tau: Double
  ) {
    precondition(tau.isFinite, "tau of a normalization is \(tau)")
    precondition(
      classes > 0 && weights.count % classes == 0,
      "\(weights.count) weights are not rows of \(classes) classes")
    let features = weights.count / classes
    for c in 0..<classes {
      let range = c * features..<(c + 1) * features
      var square = 0.0
      for i in range { square += Double(weights[i]) * Double(weights[i]) }
      guard square > 0 else { continue }
      let factor = pow(square, -tau / 2)
      for i in range { weights[i] = Float(Double(weights[i]) * factor) }
    }
  }
}
