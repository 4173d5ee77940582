public import BalanceCore
import Foundation

/// The class shares that a model is in effect trained for, when sampling, loss weights and logit
/// offsets all act: `share_c ∝ s_c · w_c · exp(o_c)`.
///
/// Two corrections for the same imbalance multiply, and a rare class can end up commoner in effect
/// than one that has more images (an *overshoot*).
public struct EffectivePrior: Codable, Hashable, Sendable {
  public let names: [String]
  /// n_c / N of the training split.
  public let natural: [Double]
  /// Adds up to 1; 0 for classes without images.
  public let effective: [Double]
  /// How many of sampling, loss weights and logit offsets change the classes' shares.
  public let corrections: Int

  /// - Parameters:
  ///   - counts: the training split's.
  ///   - samplingShares: s_c, the share of each class among the draws
  ///     (`PassRule.expectedShares`).
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
    let present = natural.indices.filter { counts.counts[$0] > 0 }
    let priors = natural
    /// Whether factors differ between the classes that have images.
    func corrects(_ factor: (Int) -> Double) -> Bool {
      let factors = present.map(factor)
      return (factors.max() ?? 1) > (factors.min() ?? 1) * (1 + 1e-9)
    }
    corrections = [
      corrects { samplingShares[$0] / priors[$0] }, corrects { lossWeights?[$0] ?? 1 },
      corrects { exp(logitOffsets?[$0] ?? 0) },
    ].count { $0 }
  }

  /// The classes that are rarer than uniform in the data and yet more than 5 % beyond uniform in
  /// effect, and beyond a class with more images by as much; uniform is 1 / K' over the K' classes
  /// that have images.
  ///
  /// A single milder correction keeps the order of the classes, and lifts what is of middling size
  /// above uniform without correcting anything twice.
  public var overshooting: [Int] {
    let uniform = 1 / Double(natural.count { $0 > 0 })
    var over: [Int] = []
    // The least effective share of the classes with more images than the present one.
    var least = Double.infinity
    var pending = Double.infinity
    var previous = Double.infinity
    for c in natural.indices.sorted(by: { natural[$0] > natural[$1] }) where natural[c] > 0 {
      if natural[c] < previous { (least, previous) = (min(least, pending), natural[c]) }
      if natural[c] < uniform, effective[c] > 1.05 * uniform, effective[c] > 1.05 * least {
        over.append(c)
      }
      pending = min(pending, effective[c])
    }
    return over.sorted()
  }

  private var remedy: String {
    corrections > 1
      ? "use one of sampling, class weights and logit adjustment, not \(corrections)"
      : "use a milder correction"
  }

  /// One line that names the class that overshoots most, or nil.
  public var warning: String? {
    let over = overshooting
    guard let worst = over.max(by: { effective[$0] < effective[$1] }) else { return nil }
    let uniform = 1 / Double(natural.count { $0 > 0 })
    let others =
      over.count == 1
      ? "" : " (and \(NumberText.counted(over.count - 1, "more class", "more classes")))"
    let shares = [natural[worst], effective[worst], uniform].map { NumberText.percent($0) }
    return """
      imbalance is corrected beyond balance: '\(names[worst])'\(others) is \(shares[0]) of the data \
      but in effect \(shares[1]), beyond the uniform \(shares[2]); \(remedy)
      """
  }
}
