public import BalanceCore
import Foundation

/// Vector scaling: `l = −log softmax(δ z + ι)_y`, δ_c = (n_c / n_max)^γ, ι_c = τ log π_c.
///
/// γ = 0 is logit adjustment, τ = 0 class-dependent temperatures (CDT). A class without images has
/// δ = 0 (1 for γ = 0) and π = 1e-12. Unlike the other losses it is not blind to a constant added
/// to all logits, so its gradient rows do not add up to 0.
///
/// Source: Kini et al., *Label-imbalanced and group-sensitive classification under
/// overparameterization*, NeurIPS 2021; Ye et al., *Identifying and compensating for feature
/// deviation in imbalanced deep learning*, 2020.
public struct VectorScalingLoss: SoftmaxLoss {
  public let tau: Double
  /// δ, one a class.
  public let scales: [Double]
  /// π, one a class.
  public let priors: [Double]
  let kernel: LossKernel

  /// - Precondition: γ and τ are finite and not negative.
  public init(counts: [Int], gamma: Double = 0.3, tau: Double = 1, weights: [Double]? = nil) {
    precondition(gamma >= 0 && gamma.isFinite, "vector scaling needs gamma >= 0, not \(gamma)")
    precondition(tau >= 0 && tau.isFinite, "vector scaling needs tau >= 0, not \(tau)")
    let most = Double(max(1, counts.max() ?? 1))
    let scales = counts.map { pow(Double($0) / most, gamma) }
    self.tau = tau
    self.scales = scales
    priors = Prior.shares(counts)
    kernel = LossKernel(
      weights: weights, scales: scales, offsets: Prior.logarithms(counts).map { tau * $0 })
  }

  public var fingerprint: String {
    "vector-scaling: -log p_y, p=softmax(delta z + \(tau) log prior), delta=\(list(scales)), "
      + "prior=\(list(priors)); \(reduction(weights))"
  }
}

/// `vector-scaling:GAMMA:TAU`: `VectorScalingLoss`.
public struct VectorScalingRecipe: LossRecipe {
  public let gamma: Double
  public let tau: Double

  public init(gamma: Double, tau: Double) {
    self.gamma = gamma
    self.tau = tau
  }

  public static let form = SpelledForm(
    "vector-scaling", "logits times (n_c / n_max)^GAMMA + TAU log of the class shares",
    .number("GAMMA", .from(0), usual: 0.3), LogitAdjustedRecipe.tau,
    make: { VectorScalingRecipe(gamma: $0, tau: $1) }, take: { ($0.gamma, $0.tau) })

  public func loss(counts: [Int], weights: [Double]?) -> any Loss {
    VectorScalingLoss(counts: counts, gamma: gamma, tau: tau, weights: weights)
  }

  /// With τ = 0 it has only the scale left to correct, and takes class weights.
  public var correction: LossCorrection { tau == 0 ? .none : .prior(tau: tau) }
  public var cosineScale: Double? { nil }
}

extension LossSpecification {
  public static func vectorScaling(gamma: Double, tau: Double) -> LossSpecification {
    LossSpecification(VectorScalingRecipe(gamma: gamma, tau: tau))
  }
}
