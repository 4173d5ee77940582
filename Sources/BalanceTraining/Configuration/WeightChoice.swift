public import BalanceCore
public import BalanceOptimizers

/// Which epoch's weights a run evaluates and saves.
///
/// Written and read as it is spelled on the command line (`description`).
public enum WeightChoice: Hashable, Sendable, CustomStringConvertible {
  case last
  /// Those of the epoch with the best validation figure, the earliest of equal ones.
  case best(ValidationMetric)

  /// Reads "last", "best" (by macro F1) or "best:accuracy".
  ///
  /// - Throws: `BalanceError` with code `usage`.
  public init(parsing text: String) throws(BalanceError) {
    switch text {
    case "last": self = .last
    case "best": self = .best(.macroF1)
    default:
      guard text.hasPrefix("best:") else {
        throw Suggestion.unknown(
          "choice of weights", text, among: ["last", "best", "best:accuracy"])
      }
      self = .best(try ValidationMetric(named: String(text.dropFirst(5))))
    }
  }

  public var description: String {
    switch self {
    case .last: "last"
    case .best(let metric): "best:\(metric.rawValue)"
    }
  }
}
