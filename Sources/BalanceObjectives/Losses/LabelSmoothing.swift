public import BalanceCore

/// Cross-entropy with softened targets, `l = −Σ_k q_k log p_k`.
///
/// Two forms go by this name: `q = (1 − ε) 1_y + ε / K`, and `q_y = 1 − ε` with `ε / (K − 1)` for
/// the others, which is the first with ε K / (K − 1). One class has no others: q_y = 1.
///
/// With class weights each term is weighted by its own class, as PyTorch does:
/// `Σ_i Σ_k −w_k q_ik log p_ik / Σ_i w_{y_i}`. ε = 0 is cross-entropy.
///
/// `∂(…)/∂z_k = p_k Σ_j w_j q_j − w_k q_k`.
///
/// Source: Szegedy et al., *Rethinking the Inception architecture*, CVPR 2016, section 7.
public struct LabelSmoothing: SoftmaxLoss {
  public enum Form: String, Hashable, Sendable {
    /// ε / K to each of the K classes, as PyTorch, Keras and timm have it.
    case allClasses
    /// ε / (K − 1) to each of the others.
    case otherClasses
  }

  public let epsilon: Double
  public let form: Form
  let kernel: LossKernel

  /// - Precondition: ε is in 0...1.
  public init(epsilon: Double = 0.1, form: Form = .allClasses, weights: [Double]? = nil) {
    precondition(epsilon >= 0 && epsilon <= 1, "label smoothing needs 0 <= eps <= 1: \(epsilon)")
    self.epsilon = epsilon
    self.form = form
    kernel = LossKernel(
      weights: weights, smoothing: form == .allClasses ? .uniform(epsilon) : .others(epsilon))
  }

  public var fingerprint: String {
    let targets =
      switch form {
      case .allClasses: "q=(1-\(epsilon)) 1_y + \(epsilon)/K"
      case .otherClasses: "q_y=1-\(epsilon), else \(epsilon)/(K-1)"
      }
    return "label-smoothing: -sum_k w_k q_k log p_k, \(targets), p=softmax(z); "
      + reduction(weights)
  }
}

/// `label-smoothing:EPSILON`: `LabelSmoothing` over all classes.
public struct LabelSmoothingRecipe: LossRecipe {
  public let epsilon: Double

  public init(epsilon: Double) { self.epsilon = epsilon }

  /// ε as it is spelled.
  static let epsilon = SpelledOption.number("EPSILON", .from(0, to: 1), usual: 0.1)

  public static let form = SpelledForm(
    "label-smoothing", "EPSILON / K of the target to each class", epsilon,
    make: { LabelSmoothingRecipe(epsilon: $0) }, take: { $0.epsilon })

  public func loss(counts: [Int], weights: [Double]?) -> any Loss {
    LabelSmoothing(epsilon: epsilon, form: .allClasses, weights: weights)
  }

  public var correction: LossCorrection { .none }
  public var cosineScale: Double? { nil }
}

/// `label-smoothing-others:EPSILON`: `LabelSmoothing` over the other classes.
public struct OthersSmoothingRecipe: LossRecipe {
  public let epsilon: Double

  public init(epsilon: Double) { self.epsilon = epsilon }

  public static let form = SpelledForm(
    "label-smoothing-others", "EPSILON / (K − 1) of the target to each of the others",
    LabelSmoothingRecipe.epsilon,
    make: { OthersSmoothingRecipe(epsilon: $0) }, take: { $0.epsilon })

  public func loss(counts: [Int], weights: [Double]?) -> any Loss {
    LabelSmoothing(epsilon: epsilon, form: .otherClasses, weights: weights)
  }

  public var correction: LossCorrection { .none }
  public var cosineScale: Double? { nil }
}

extension LossSpecification {
  public static func labelSmoothing(epsilon: Double, form: LabelSmoothing.Form = .allClasses)
    -> LossSpecification
  {
    switch form {
    case .allClasses: LossSpecification(LabelSmoothingRecipe(epsilon: epsilon))
    case .otherClasses: LossSpecification(OthersSmoothingRecipe(epsilon: epsilon))
    }
  }
}
