public import BalanceCore

/// A linear rise at the start of a run: a factor of the schedule's rate.
///
/// Written and read as it is spelled on the command line (`description`).
public enum WarmUp: Hashable, Sendable {
  case none
  /// (e + 1) / n in epoch e < n, counted from 0.
  case epochs(Int)
  /// (t + 1) / n in optimizer step t < n, counted from 0.
  case steps(Int)

  /// Reads "none", "epochs:5", "steps:500", or just "5" for epochs.
  ///
  /// - Throws: `BalanceError` with code `usage`.
  public init(parsing text: String) throws(BalanceError) {
    let isBare = Int(text) != nil
    var options = SpelledOptions(isBare ? "epochs:\(text)" : text, kind: "warm-up")
    options.form = "none, epochs:5 or steps:500"
    switch options.name {
    case "none": self = .none
    case "epochs": self = .epochs(try options.whole(from: 1))
    case "steps": self = .steps(try options.whole(from: 1))
    default:
      throw Suggestion.unknown("warm-up", options.name, among: ["none", "epochs:5", "steps:500"])
    }
    try options.finish()
  }

  /// - Precondition: `stepsPerEpoch > 0`.
  public func factor(step: Int, stepsPerEpoch: Int) -> Double {
    switch self {
    case .none: 1
    case .epochs(let count): min(Double(step / stepsPerEpoch + 1) / Double(count), 1)
    case .steps(let count): min(Double(step + 1) / Double(count), 1)
    }
  }
}

extension WarmUp: CustomStringConvertible, Codable {
  public var description: String {
    switch self {
    case .none: "none"
    case .epochs(let count): "epochs:\(count)"
    case .steps(let count): "steps:\(count)"
    }
  }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
