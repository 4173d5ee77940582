public import BalanceCore
import Foundation

/// The class shares that a model is in effect trained for, when sampling, loss weights and logit
/// offsets all act: `share_c ∝ s_c · w_c · exp(o_c)`.
///
/// Two corrections for the same imbalance multiply, and a rare class can end up as the commonest
/// (an *overshoot*).
public struct EffectivePrior: Codable, Hashable, Sendable {
  public let names: [String]
  /// n_c / N of the training split.
  public let natural: [Double]
  /// Adds up to 1; 0 for classes without images.
  public let effective: [Double]

  /// - Parameters:
  ///   - counts: the training split's.
  ///   - samplingShares: s_c, the share of each class among the draws
  ///     (`SamplingStrategy.expectedShares`).
  ///   - lossWeights: w_c; nil for none.
  ///   - logitOffsets: o_c, what is added to the logits when predicting, −τ log π_c for post-hoc
  ///     logit adjustment; a loss on z + τ log π_c counts as the same −τ log π_c; nil for none.
  /// - Precondition: one entry a class in each.
  public init(
    counts: ClassCounts, samplingShares: [Double], lossWeights: [Double]? = nil,
    logitOffsets: [Double]? = nil
  ) {
    let k = counts.classCount
    precondition(
      samplingShares.count == k && (lossWeights?.count ?? k) == k
        && (logitOffsets?.count ?? k) == k, "one share, weight and offset for each of \(k) classes")
    names = counts.names
    natural = counts.priors
    let products = (0..<k).map { c in
      // An absent class has share 0, and its offset may be infinite.
      samplingShares[c] == 0
        ? 0 : samplingShares[c] * (lossWeights?[c] ?? 1) * exp(logitOffsets?[c] ?? 0)
    }
    let total = products.reduce(0, +)
    effective = products.map { total > 0 ? $0 / total : 0 }
  }

  /// The classes that are rarer than uniform in the data and yet more than 5 % beyond uniform in
  /// effect; uniform is 1 / K' over the K' classes that have images.
  public var overshooting: [Int] {
    let uniform = 1 / Double(natural.count { $0 > 0 })
    return natural.indices.filter {
      natural[$0] > 0 && natural[$0] < uniform && effective[$0] > 1.05 * uniform
    }
  }

  /// One line that names the class that overshoots most, or nil.
  public var warning: String? {
    let over = overshooting
    guard let worst = over.max(by: { effective[$0] < effective[$1] }) else { return nil }
    let uniform = 1 / Double(natural.count { $0 > 0 })
    func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
    let others =
      over.count == 1
      ? "" : " (and \(over.count - 1) more \(over.count == 2 ? "class" : "classes"))"
    return """
      imbalance is corrected beyond balance: '\(names[worst])'\(others) is \(percent(natural[worst])) of \
      the data but in effect \(percent(effective[worst])), beyond the uniform \
      \(percent(uniform)); use sampling or class weights, not both
      """
  }
}
