public import BalanceCore

/// Every image once a pass, in random order: class shares are those of the data, n_c / N.
public struct NaturalSampling: Sampler {
  public init() {}

  public static let form = SpelledForm(
    "none", "every image once, as often as the data has it", is: NaturalSampling())

  public func rule(_ counts: [Int], epoch: Int, of epochs: Int) -> PassRule { .everyImage }
}

extension SamplingStrategy {
  /// `NaturalSampling`.
  public static let none = SamplingStrategy(NaturalSampling())
}
