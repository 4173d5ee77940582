public import BalanceCore

/// Every image ⌊n_max / n_c⌋ times and a random remainder of the class once more, so that each
/// class has n_max draws a pass; the repeats are numbered copies.
public struct Oversampling: Sampler {
  public init() {}

  public static let form = SpelledForm(
    "oversample", "of every class as many draws as the commonest has, by copies",
    is: Oversampling())

  public func rule(_ counts: [Int], epoch: Int, of epochs: Int) -> PassRule {
    let most = counts.max() ?? 0
    return .perClass(counts.map { $0 > 0 ? most : 0 })
  }
}

extension SamplingStrategy {
  /// `Oversampling`.
  public static let oversample = SamplingStrategy(Oversampling())
}
