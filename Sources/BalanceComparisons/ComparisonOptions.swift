/// How a comparison draws its intervals and words its verdicts.
public struct ComparisonOptions: Codable, Hashable, Sendable {
  /// Bootstrap draws behind each interval.
  public var draws: Int
  /// Key of the random numbers; the same key gives the same intervals.
  public var seed: UInt64
  /// Share of the bootstrap distribution that an interval covers, in (0, 1).
  public var coverage: Double
  /// δ: a difference that stays inside ±δ is called practically the same.
  public var tolerance: Double
  /// A class with fewer test images is not judged.
  public var minimumTestImages: Int

  public init(
    draws: Int = 2000, seed: UInt64 = 0, coverage: Double = 0.95, tolerance: Double = 0.01,
    minimumTestImages: Int = 10
  ) {
    self.draws = draws
    self.seed = seed
    self.coverage = coverage
    self.tolerance = tolerance
    self.minimumTestImages = minimumTestImages
  }
}
