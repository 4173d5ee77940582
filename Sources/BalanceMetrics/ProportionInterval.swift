/// Wilson's score interval of a proportion, at 95 %.
///
/// `(p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n)`, z = 1.959964. It stays inside 0...1 and
/// has a sensible width at p̂ = 0 and p̂ = 1, where the familiar `p̂ ± z √(p̂(1−p̂)/n)` has none.
///
/// Source: Wilson, *Probable inference, the law of succession, and statistical inference*, 1927.
public struct ProportionInterval: Codable, Hashable, Sendable {
  public let lower: Double
  public let upper: Double

  /// The 0.975 quantile of the standard normal distribution.
  package static let quantile = 1.959963984540054

  /// 0...1 without trials.
  ///
  /// - Precondition: `0 <= successes <= trials`.
  public init(successes: Int, trials: Int) {
    precondition(
      successes >= 0 && successes <= trials, "\(successes) successes in \(trials) trials")
    guard trials > 0 else {
      lower = 0
      upper = 1
      return
    }
    let n = Double(trials)
    let share = Double(successes) / n
    let z = Self.quantile
    let scale = 1 + z * z / n
    let centre = (share + z * z / (2 * n)) / scale
    let spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / scale
    // The ends are exact at no success and at no failure; rounding must not move them.
    lower = successes == 0 ? 0 : centre - spread
    upper = successes == trials ? 1 : centre + spread
  }

  /// Half of the interval's length.
  public var halfWidth: Double { (upper - lower) / 2 }
}
