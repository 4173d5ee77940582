public import BalanceCore
import Foundation

/// Poly-1: cross-entropy with the first term of its expansion in 1 − p_y made heavier or lighter,
/// `l = −log p_y + ε (1 − p_y)`, p = softmax(z).
///
/// ε = 0 is cross-entropy. `∂l/∂z_k = (1 + ε p_y) (p_k − 1[k = y])`.
///
/// Source: Leng et al., *PolyLoss: a polynomial expansion perspective of classification loss
/// functions*, ICLR 2022, equation 5; ε = 2 is what they trained ImageNet-1K with.
public struct PolyLoss: LabelLoss {
  public let epsilon: Double
  public let weights: [Double]?

  /// - Precondition: ε is finite and at least −1, below which a gradient would turn round.
  public init(epsilon: Double = 2, weights: [Double]? = nil) {
    precondition(epsilon >= -1 && epsilon.isFinite, "poly loss needs epsilon >= -1, not \(epsilon)")
    self.epsilon = epsilon
    self.weights = weights
  }

  public var fingerprint: String {
    "poly: -log p_y + \(epsilon) (1-p_y), p=softmax(z); \(reduction(weights))"
  }

  public func term(
    _ logits: UnsafeBufferPointer<Float>, label: Int, image: Int, scale: Double,
    gradient: UnsafeMutableBufferPointer<Double>?
  ) -> Double {
    let highest = Double(logits.max() ?? 0)
    func power(_ k: Int) -> Double { exp(Double(logits[k]) - highest) }
    var rest = 0.0
    for k in logits.indices where k != label { rest += power(k) }
    let own = power(label)
    let total = rest + own
    if let gradient {
      let slope = scale * (1 + epsilon * own / total) / total
      for k in logits.indices where k != label { gradient[k] += slope * power(k) }
      gradient[label] -= slope * rest
    }
    let negativeLog =
      own >= rest ? log1p(rest / own) : log(total) - (Double(logits[label]) - highest)
    return negativeLog + epsilon * rest / total
  }
}

/// `poly:EPSILON`: `PolyLoss`.
public struct PolyRecipe: LossRecipe {
  public let epsilon: Double

  public init(epsilon: Double) { self.epsilon = epsilon }

  public static let form = SpelledForm(
    "poly", "cross-entropy + EPSILON (1 − p_y)", .number("EPSILON", .from(-1), usual: 2),
    make: { PolyRecipe(epsilon: $0) }, take: { $0.epsilon })

  public func loss(counts: [Int], weights: [Double]?) -> any Loss {
    PolyLoss(epsilon: epsilon, weights: weights)
  }

  public var correction: LossCorrection { .none }
  public var cosineScale: Double? { nil }
}

extension LossSpecification {
  public static func poly(epsilon: Double) -> LossSpecification {
    LossSpecification(PolyRecipe(epsilon: epsilon))
  }
}
