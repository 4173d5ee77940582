public import BalanceCore

/// `class-balanced-focal:BETA:GAMMA`: `FocalLoss` with the class weights of the effective number
/// for β.
///
/// Source: Cui et al., *Class-balanced loss based on effective number of samples*, CVPR 2019.
public struct ClassBalancedFocalRecipe: LossRecipe {
  public let beta: Double
  public let gamma: Double

  public init(beta: Double, gamma: Double) {
    self.beta = beta
    self.gamma = gamma
  }

  public static let form = SpelledForm(
    "class-balanced-focal", "focal with the weights of the effective number",
    .number("BETA", .from(0, below: 1), usual: 0.9999, example: "0.999"), FocalRecipe.gamma,
    make: { ClassBalancedFocalRecipe(beta: $0, gamma: $1) }, take: { ($0.beta, $0.gamma) })

  public func loss(counts: [Int], weights: [Double]?) -> any Loss {
    FocalLoss(gamma: gamma, weights: weights)
  }

  public var correction: LossCorrection { .effectiveNumber(beta: beta) }
  public var cosineScale: Double? { nil }
}

extension LossSpecification {
  public static func classBalancedFocal(beta: Double, gamma: Double) -> LossSpecification {
    LossSpecification(ClassBalancedFocalRecipe(beta: beta, gamma: gamma))
  }
}
