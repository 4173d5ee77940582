public import BalanceCore
import Foundation

/// Label-distribution-aware margins: cross-entropy of logits z = s cos θ from whose y-th the margin
/// is taken, `l = −log(e^(z_y − s Δ_y) / (e^(z_y − s Δ_y) + Σ_{j≠y} e^(z_j)))`,
/// `Δ_c = m n_c^(−1/4) / max_j n_j^(−1/4)`.
///
/// The rarest class has the margin m. A class without images has it too, and does not enter the
/// maximum. Margins are lengths on the unit sphere, so the loss belongs to a network whose last
/// layer gives s times cosines (`Operation.cosineLinear` with this scale); on unbounded logits the
/// margins mean nothing.
///
/// Source: Cao et al., *Learning imbalanced datasets with label-distribution-aware margin loss*,
/// NeurIPS 2019, equations 12 and 13.
public struct LDAMLoss: SoftmaxLoss {
  /// s.
  public let scale: Double
  /// Δ, one a class, in units of the cosine.
  public let margins: [Double]
  let kernel: LossKernel

  /// - Precondition: the margin is in 0...1, the scale above 0 and at most 500.
  public init(
    counts: [Int], maximumMargin: Double = 0.5, scale: Double = 30, weights: [Double]? = nil
  ) {
    precondition((0...1).contains(maximumMargin), "LDAM needs 0 <= margin <= 1: \(maximumMargin)")
    // exp(−s) must not vanish.
    precondition(scale > 0 && scale <= 500, "LDAM needs 0 < scale <= 500, not \(scale)")
    let rarest = Double(counts.filter { $0 > 0 }.min() ?? 1)
    let margins = counts.map { maximumMargin * pow(rarest / max(Double($0), rarest), 0.25) }
    self.scale = scale
    self.margins = margins
    kernel = LossKernel(weights: weights, margins: margins.map { scale * $0 })
  }

  public var fingerprint: String {
    "ldam: -log P_y, P=softmax(z - \(scale) margin_y 1_y), z=\(scale) cos, "
      + "margin=\(list(margins)); \(reduction(weights))"
  }
}

/// `ldam:MARGIN:SCALE`: `LDAMLoss`.
///
/// Margins are lengths on the unit sphere. On the logits of a plain linear layer training can
/// escape them by growing the weights, and the authors' users saw it diverge; so the loss brings
/// its layer, and there is no LDAM without.
public struct LDAMRecipe: LossRecipe {
  public let margin: Double
  public let scale: Double

  public init(margin: Double, scale: Double) {
    self.margin = margin
    self.scale = scale
  }

  public static let form = SpelledForm(
    "ldam", "margins, MARGIN for the rarest class, on SCALE times cosines",
    .number("MARGIN", .from(0, to: 1), usual: 0.5),
    .number("SCALE", .from(0.001, to: 500), usual: 30),
    make: { LDAMRecipe(margin: $0, scale: $1) }, take: { ($0.margin, $0.scale) })

  public func loss(counts: [Int], weights: [Double]?) -> any Loss {
    LDAMLoss(counts: counts, maximumMargin: margin, scale: scale, weights: weights)
  }

  public var correction: LossCorrection { .none }
  public var cosineScale: Double? { scale }
}

extension LossSpecification {
  public static func ldam(margin: Double, scale: Double) -> LossSpecification {
    LossSpecification(LDAMRecipe(margin: margin, scale: scale))
  }
}
