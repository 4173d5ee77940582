public import BalanceCore
import Foundation

/// Seesaw loss: cross-entropy in which class j pushes an image of class k away by S_kj times as
/// much as it otherwise would, `l_k = −log(e^(z_k) / (e^(z_k) + Σ_{j≠k} S_kj e^(z_j)))`, S_kj =
/// M_kj C_kj.
///
/// Mitigation `M_kj = min(1, (n_j / n_k)^p)` spares a class the negative gradients of commoner
/// ones; compensation `C_kj = max(1, (σ_j / σ_k)^q)`, σ = softmax(z), brings them back for images
/// that are taken for class j. A class without images counts as one with a single image. The
/// factors are constants to the gradient: `∂l_k/∂z_j = P_j − 1[j = k]`, P = softmax(z + log S_k).
///
/// n is the number of training images, which the paper counts up during training; the authors' code
/// bounds σ_k from below by 0.01, the paper and this do not.
///
/// Source: Wang et al., *Seesaw loss for long-tailed instance segmentation*, CVPR 2021, equations 3
/// to 8.
public struct SeesawLoss: LabelLoss, HeldLoss {
  public let p: Double
  public let q: Double
  public let weights: [Double]?
  /// log max(n_c, 1).
  private let logCounts: [Double]
  /// The logits that the compensation is of, `[N, K]`; nil for those that are evaluated.
  private var compensating: [Float]?

  /// - Precondition: p and q are finite and not negative.
  public init(counts: [Int], p: Double = 0.8, q: Double = 2, weights: [Double]? = nil) {
    precondition(p >= 0 && p.isFinite && q >= 0 && q.isFinite, "seesaw loss with \(p), \(q)")
    self.p = p
    self.q = q
    self.weights = weights
    logCounts = counts.map { log(Double(max($0, 1))) }
  }

  public var fingerprint: String {
    "seesaw: -log(e^z_y / (e^z_y + sum_j S_yj e^z_j)), S_yj=min(1,(n_j/n_y)^\(p)) "
      + "max(1,(sigma_j/sigma_y)^\(q)) constant, log n=\(list(logCounts)); \(reduction(weights))"
  }

  public func term(
    _ logits: UnsafeBufferPointer<Float>, label k: Int, image: Int, scale: Double,
    gradient: UnsafeMutableBufferPointer<Double>?
  ) -> Double {
    let base = image * logits.count
    func held(_ j: Int) -> Double { Double(compensating?[base + j] ?? logits[j]) }
    /// z_j + log S_kj; log(σ_j / σ_k) is the difference of the logits.
    func adjusted(_ j: Int) -> Double {
      Double(logits[j]) + min(0, p * (logCounts[j] - logCounts[k]))
        + (j == k ? 0 : q * max(0, held(j) - held(k)))
    }
    var highest = -Double.infinity
    for j in logits.indices { highest = max(highest, adjusted(j)) }
    var rest = 0.0
    for j in logits.indices where j != k { rest += exp(adjusted(j) - highest) }
    let own = exp(adjusted(k) - highest)
    let total = rest + own
    if let gradient {
      for j in logits.indices where j != k {
        gradient[j] += scale * exp(adjusted(j) - highest) / total
      }
      gradient[k] -= scale * rest / total
    }
    return own >= rest ? log1p(rest / own) : log(total) - (adjusted(k) - highest)
  }

  package func held(at logits: UnsafeBufferPointer<Float>, classes: Int) -> any Loss {
    var held = self
    held.compensating = Array(logits)
    return held
  }
}

/// `seesaw:P:Q`: `SeesawLoss`.
public struct SeesawRecipe: LossRecipe {
  public let p: Double
  public let q: Double

  public init(p: Double, q: Double) {
    self.p = p
    self.q = q
  }

  public static let form = SpelledForm(
    "seesaw", "rare classes spared by commoner ones, unless they are mistaken for them",
    .number("P", .from(0), usual: 0.8), .number("Q", .from(0), usual: 2),
    make: { SeesawRecipe(p: $0, q: $1) }, take: { ($0.p, $0.q) })

  public func loss(counts: [Int], weights: [Double]?) -> any Loss {
    SeesawLoss(counts: counts, p: p, q: q, weights: weights)
  }

  public var correction: LossCorrection { .none }
  public var cosineScale: Double? { nil }
}

extension LossSpecification {
  public static func seesaw(p: Double, q: Double) -> LossSpecification {
    LossSpecification(SeesawRecipe(p: p, q: q))
  }
}
