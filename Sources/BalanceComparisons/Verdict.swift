/// What may be said of a difference, given its interval. The first rule that matches wins:
///
/// | interval of the difference | word |
/// | --- | --- |
/// | fewer than `minimumTestImages` test images | not judged |
/// | inside ±δ | practically the same |
/// | above 0 | gained; clearly gained if above δ |
/// | below 0 | lost |
/// | otherwise | unclear |
public enum Verdict: String, Codable, Hashable, Sendable, CaseIterable {
  case notJudged
  case same
  case clearlyGained
  case gained
  case lost
  case unclear

  /// - Parameter testImages: images behind the difference, not counted once more for each seed.
  public init(interval: Interval, testImages: Int, options: ComparisonOptions) {
    let delta = options.tolerance
    self =
      if testImages < options.minimumTestImages {
        .notJudged
      } else if interval.lower >= -delta && interval.upper <= delta {
        .same
      } else if interval.lower > delta {
        .clearlyGained
      } else if interval.lower > 0 {
        .gained
      } else if interval.upper < 0 {
        .lost
      } else {
        .unclear
      }
  }

  public var isGain: Bool { self == .gained || self == .clearlyGained }

  /// The verdict in words; `difference` gives the ends for an unclear one.
  public func words(interval: Interval, testImages: Int) -> String {
    switch self {
    case .notJudged: "not judged (\(testImages))"
    case .same: "practically the same"
    case .clearlyGained: "clearly gained"
    case .gained: "gained"
    case .lost: "lost"
    case .unclear:
      "unclear: between \(Figures.signed(interval.lower)) and \(Figures.signed(interval.upper))"
    }
  }
}
