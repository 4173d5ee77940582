public import BalanceCore

/// As many images of each class as the smallest class has, without replacement, drawn afresh in
/// each pass: 1 / K' of the draws for each of the K' classes that have images.
public struct Undersampling: Sampler {
  public init() {}

  public static let form = SpelledForm(
    "undersample", "of every class as many images as the rarest has", is: Undersampling())

  public func rule(_ counts: [Int], epoch: Int, of epochs: Int) -> PassRule {
    let least = counts.filter { $0 > 0 }.min() ?? 0
    return .perClass(counts.map { $0 > 0 ? least : 0 })
  }
}

extension SamplingStrategy {
  /// `Undersampling`.
  public static let undersample = SamplingStrategy(Undersampling())
}
