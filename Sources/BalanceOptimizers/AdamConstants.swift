import Foundation

/// What Adam and its kin share: decay rates of the two moments, and the smallest denominator.
public struct AdamConstants: Codable, Hashable, Sendable {
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double

  /// - Precondition: β₁ and β₂ are in 0..<1, ε is above 0.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
    precondition((0..<1).contains(beta1), "β₁ \(beta1) is not in 0..<1")
    precondition((0..<1).contains(beta2), "β₂ \(beta2) is not in 0..<1")
    precondition(epsilon > 0 && epsilon.isFinite, "ε is \(epsilon)")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  var fingerprint: String { "betas \(beta1) and \(beta2), epsilon \(epsilon)" }

  /// The factors of step t of a tensor, in single precision.
  func factors(_ part: TensorPart) -> Factors {
    let beta1 = part.momentum ?? beta1
    let correction1 = 1 - pow(beta1, Double(part.step))
    let correction2 = 1 - pow(beta2, Double(part.step))
    return Factors(
      keep1: Float(beta1), take1: Float(1 - beta1), keep2: Float(beta2), take2: Float(1 - beta2),
      size: Float(part.learningRate / correction1), root: Float(correction2.squareRoot()),
      epsilon: Float(epsilon))
  }

  struct Factors {
    /// `m ← keep1 · m + take1 · g`
    let keep1, take1: Float
    /// `v ← keep2 · v + take2 · g²`
    let keep2, take2: Float
    /// lr / (1 − β₁ᵗ)
    let size: Float
    /// √(1 − β₂ᵗ)
    let root: Float
    let epsilon: Float
  }
}
