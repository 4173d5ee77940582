public import BalanceCore

/// A loss by its options, before the classes and their counts are known: what is written in
/// manifests and on the command line, without class weights.
///
/// One of the user's own goes in like those of the catalog: `LossSpecification(MyLoss())`.
public protocol LossRecipe: SpelledCase {
  /// The loss for training images of these counts.
  ///
  /// - Parameter weights: one a class; nil for 1, and always for a `correction` by prior.
  func loss(counts: [Int], weights: [Double]?) -> any Loss

  /// What the loss itself does against unequal class shares.
  var correction: LossCorrection { get }

  /// The scale s of the cosines that the loss takes for logits; nil for any logits. With a scale
  /// the network's last layer becomes one of cosines.
  var cosineScale: Double? { get }
}

/// What a loss does against unequal class shares, so that nothing else corrects them once more.
public enum LossCorrection: Hashable, Sendable {
  /// Nothing that would not go with class weights and resampling.
  case none
  /// It has the class weights of the effective number for β.
  case effectiveNumber(beta: Double)
  /// It adds τ · log of the class shares to the logits in training.
  case prior(tau: Double)
}
