import BalanceCore

/// The sign-flip test on paired differences d_1 … d_n: under "no difference" each d_i could as
/// well have had the other sign.
///
///     p = #{ s ∈ {−1, +1}ⁿ : |Σ s_i d_i| ≥ |Σ d_i| } / 2ⁿ      (two-sided)
///
/// All 2ⁿ assignments are visited up to n = `exactLimit`; beyond, random ones are drawn and
/// p = (1 + hits) / (1 + draws). The smallest p that n pairs can reach is 2^(1−n): three seeds
/// cannot go below 0.25, and six are needed for less than 0.05.
public struct SignFlipTest: Codable, Hashable, Sendable {
  public static let exactLimit = 18

  /// Two-sided.
  public var pValue: Double
  /// The smallest p that this many pairs can reach.
  public var minimum: Double
  public var pairs: Int
  /// Whether every assignment was visited.
  public var isExact: Bool

  /// 2^(1−n), and 1 without pairs.
  public static func minimum(pairs: Int) -> Double {
    var minimum = 1.0
    for _ in 1..<max(1, pairs) { minimum /= 2 }
    return minimum
  }

  /// - Parameters:
  ///   - differences: one a pair. No pairs at all give p = 1.
  ///   - seed: key of the random assignments, used beyond `exactLimit` only.
  public init(_ differences: [Double], seed: UInt64 = 0, draws: Int = 99_999) {
    pairs = differences.count
    let observed = abs(differences.reduce(0, +))
    // Sums that are equal on paper differ by rounding; without slack the observed assignment
    // itself might not be counted.
    let scale = differences.reduce(0) { $0 + abs($1) }
    let threshold = observed - 1e-12 * scale
    isExact = differences.count <= Self.exactLimit
    minimum = max(Self.minimum(pairs: differences.count), isExact ? 0 : 1 / Double(draws + 1))
    if isExact {
      let total = 1 << differences.count
      var hits = 0
      for signs in 0..<total {
        var sum = 0.0
        for (index, difference) in differences.enumerated() {
          sum += signs >> index & 1 == 0 ? difference : -difference
        }
        if abs(sum) >= threshold { hits += 1 }
      }
      pValue = Double(hits) / Double(total)
    } else {
      var hits = 1
      for draw in 0..<draws {
        var generator = KeyedGenerator(seed: seed, .bootstrap, draw, 0xF11B)
        var sum = 0.0
        for difference in differences {
          sum += generator.next() & 1 == 0 ? difference : -difference
        }
        if abs(sum) >= threshold { hits += 1 }
      }
      pValue = Double(hits) / Double(draws + 1)
    }
  }
}
