public import BalanceCore
import Foundation

/// Class c with probability p_c = n_c^q / Σ n_k^q, then an image of it uniformly, with replacement.
///
/// Exponent q = 0 draws every class equally often, 1 as often as the data has it, ½ in between.
///
/// Source: Kang et al., *Decoupling representation and classifier for long-tailed recognition*,
/// ICLR 2020, equation 1.
public struct WeightedSampling: Sampler {
  /// q, in 0...1.
  public let exponent: Double

  /// - Precondition: the exponent is in 0...1.
  public init(exponent: Double = 0) {
    precondition((0...1).contains(exponent), "weighted sampling needs 0 <= q <= 1, not \(exponent)")
    self.exponent = exponent
  }

  public static let form = SpelledForm(
    "weighted", "class c with probability ∝ n_c^EXPONENT, with replacement",
    .number("EXPONENT", .from(0, to: 1), usual: 0, example: "0.5"),
    make: { WeightedSampling(exponent: $0) }, take: { $0.exponent })

  public func rule(_ counts: [Int], epoch: Int, of epochs: Int) -> PassRule {
    .independent(
      shares: PassRule.shares(counts.map { $0 > 0 ? pow(Double($0), exponent) : 0 }))
  }
}

extension SamplingStrategy {
  /// `WeightedSampling`.
  public static func weighted(exponent: Double) -> SamplingStrategy {
    SamplingStrategy(WeightedSampling(exponent: exponent))
  }
}
