public import BalanceCore
import Foundation

/// How much each class counts in the loss.
///
/// Losses divide by the sum of the weights, so only their ratios matter. A class without training
/// images gets weight 0: none of its images can occur in training.
public enum ClassWeighting: Spelled {
  /// Every class counts 1.
  case none
  /// w_c = N / (K' n_c) over the K' classes with images, scikit-learn's 'balanced'.
  case inverseFrequency
  /// w_c ∝ (1 − β) / (1 − β^n_c), normalised to Σ w_c = K'.
  ///
  /// Source: Cui et al., *Class-balanced loss based on effective number of samples*, CVPR 2019.
  case effectiveNumber(beta: Double)
  /// One weight a class, in the order of the classes.
  case custom([Double])

  public static let grammar = Grammar<ClassWeighting>(
    "class weighting",
    [
      SpelledForm("none", "every class counts 1", is: .none),
      SpelledForm("inverse-frequency", "N / (K n_c)", is: .inverseFrequency),
      SpelledForm(
        "effective-number", "∝ (1 − BETA) / (1 − BETA^n_c)",
        SpelledOption.number("BETA", .from(0, below: 1), usual: 0.9999, example: "0.999")
          .alwaysWritten,
        make: { .effectiveNumber(beta: $0) },
        take: { if case .effectiveNumber(let beta) = $0 { beta } else { nil } }),
      SpelledForm(
        "custom", "one weight a class, in the order of the classes", naming: .bare, weights,
        make: { .custom($0) },
        take: { if case .custom(let weights) = $0 { weights } else { nil } }),
    ])

  private static let weights = SpelledOption<[Double]>(
    "W,W…", "numbers from 0, not all 0, one a class", example: "1,2.5,4",
    read: { text in
      let fields = text.split(separator: ",", omittingEmptySubsequences: false)
      let weights = fields.compactMap { Double($0) }
      return weights.count == fields.count && areWeights(weights) ? weights : nil
    },
    write: { $0.map { "\($0)" }.joined(separator: ",") })

  private static func areWeights(_ weights: [Double]) -> Bool {
    weights.allSatisfy { $0 >= 0 && $0.isFinite } && weights.contains { $0 > 0 }
  }

  /// The weights for these counts, one a class, 0 for a class without images; nil for `.none`.
  ///
  /// - Throws: `BalanceError` with code `usage` for a β outside 0..<1, for weights that are
  ///   negative, not finite, all 0, or not one a class.
  public func weights(for counts: ClassCounts) throws(BalanceError) -> [Double]? {
    try validate()
    let occupied = Double(counts.counts.count { $0 > 0 })
    switch self {
    case .none: return nil
    case .inverseFrequency:
      let total = Double(counts.total)
      return counts.counts.map { $0 == 0 ? 0 : total / (occupied * Double($0)) }
    case .effectiveNumber(let beta):
      return Self.effectiveNumberWeights(beta: beta, counts.counts)
    case .custom(let weights):
      guard weights.count == counts.classCount else {
        throw BalanceError(
          .usage, "\(weights.count) class weights for \(counts.classCount) classes",
          remedy: "give one for each of: \(counts.names.joined(separator: ", "))")
      }
      return weights
    }
  }

  /// - Precondition: β is in 0..<1.
  static func effectiveNumberWeights(beta: Double, _ counts: [Int]) -> [Double] {
    // 1 − β^n without cancellation where β is near 1.
    let raw = counts.map { $0 == 0 ? 0 : (1 - beta) / -expm1(Double($0) * log(beta)) }
    let sum = raw.reduce(0, +)
    let occupied = Double(counts.count { $0 > 0 })
    return raw.map { sum == 0 ? 0 : $0 * occupied / sum }
  }

  private func validate() throws(BalanceError) {
    switch self {
    case .none, .inverseFrequency: return
    case .effectiveNumber(let beta):
      guard beta >= 0, beta < 1 else {
        throw BalanceError(
          .usage, "beta of the effective number is '\(beta)'",
          remedy: "expected a number from 0 to below 1, as in effective-number:0.999")
      }
    case .custom(let weights):
      guard Self.areWeights(weights) else {
        throw BalanceError(
          .usage, "the class weights are '\(weights.map { "\($0)" }.joined(separator: ","))'",
          remedy: "expected numbers from 0, not all 0, one a class, as in custom:1,2.5,4")
      }
    }
  }
}
