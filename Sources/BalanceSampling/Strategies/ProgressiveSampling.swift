public import BalanceCore

/// From the data's own class shares to equal ones over the run: in epoch e of E, counted from 0,
/// class c with probability `p_c = (1 − t) n_c / N + t / K'`, t = e / (E − 1), over the K' classes
/// that have images; then an image of it uniformly, with replacement. With a single epoch t = 1.
///
/// Source: Kang et al., *Decoupling representation and classifier for long-tailed recognition*,
/// ICLR 2020, equation 3 (progressively-balanced sampling).
public struct ProgressiveSampling: Sampler {
  public init() {}

  public static let form = SpelledForm(
    "progressive", "from the data's own shares in the first epoch to equal ones in the last",
    is: ProgressiveSampling())

  public func rule(_ counts: [Int], epoch: Int, of epochs: Int) -> PassRule {
    let t = epochs > 1 ? Double(epoch) / Double(epochs - 1) : 1
    let natural = PassRule.everyImage.expectedShares(counts)
    let equal = PassRule.shares(counts.map { $0 > 0 ? 1 : 0 })
    return .independent(shares: zip(natural, equal).map { (1 - t) * $0 + t * $1 })
  }
}

extension SamplingStrategy {
  /// `ProgressiveSampling`.
  public static let progressive = SamplingStrategy(ProgressiveSampling())
}
