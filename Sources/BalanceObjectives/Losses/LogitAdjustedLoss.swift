public import BalanceCore

/// Cross-entropy with the prior in the logits: `l = −log softmax(z + τ log π)_y`, π_c = n_c / N.
///
/// τ = 1 is balanced softmax, whose log n_c differs from log π_c by a constant that softmax does
/// not see. The network's own logits z are then those of a classifier for balanced classes; the
/// prior is added in training only. A class without images gets π = 1e-12, so that losses stay
/// finite.
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

/// `logit-adjusted:TAU`: `LogitAdjustedLoss`.
public struct LogitAdjustedRecipe: LossRecipe {
  public let tau: Double

  public init(tau: Double) { self.tau = tau }

  /// τ as it is spelled.
  static let tau = SpelledOption.number("TAU", .from(0, to: 1000), usual: 1)

  public static let form = SpelledForm(
    "logit-adjusted", "cross-entropy of the logits + TAU log of the class shares", tau,
    make: { LogitAdjustedRecipe(tau: $0) }, take: { $0.tau })

  public func loss(counts: [Int], weights: [Double]?) -> any Loss {
    LogitAdjustedLoss(counts: counts, tau: tau)
  }

  public var correction: LossCorrection { .prior(tau: tau) }
  public var cosineScale: Double? { nil }
}

/// `balanced-softmax:TAU`: the same function by its other name.
public struct BalancedSoftmaxRecipe: LossRecipe {
  public let tau: Double

  public init(tau: Double) { self.tau = tau }

  public static let form = SpelledForm(
    "balanced-softmax", "logit-adjusted by its other name", LogitAdjustedRecipe.tau,
    make: { BalancedSoftmaxRecipe(tau: $0) }, take: { $0.tau })

  public func loss(counts: [Int], weights: [Double]?) -> any Loss {
    LogitAdjustedLoss(counts: counts, tau: tau)
  }

  public var correction: LossCorrection { .prior(tau: tau) }
  public var cosineScale: Double? { nil }
}

extension LossSpecification {
  public static func logitAdjusted(tau: Double) -> LossSpecification {
    LossSpecification(LogitAdjustedRecipe(tau: tau))
  }

  public static func balancedSoftmax(tau: Double) -> LossSpecification {
    LossSpecification(BalancedSoftmaxRecipe(tau: tau))
  }
}
