public import BalanceCore
import Foundation

/// How often the images of each class are drawn in training.
///
/// Written and read as it is spelled on the command line (`description`).
public enum SamplingStrategy: Hashable, Sendable {
  /// Every image once a pass, in random order: class shares are those of the data.
  case none
  /// As many images of each class as the smallest class has, without replacement, drawn afresh in
  /// each pass.
  case undersample
  /// Class c with probability p_c ∝ n_c^exponent, then an image of it uniformly, with replacement.
  /// Exponent 0 draws every class equally often, 1 as often as the data has it, ½ in between.
  case weighted(exponent: Double)
  /// Every image ⌊n_max / n_c⌋ times and a random remainder of the class once more, so that each
  /// class has n_max draws a pass; the repeats are numbered copies.
  case oversample

  /// The names that `init(parsing:)` knows.
  public static let names = ["none", "undersample", "weighted", "oversample"]

  /// Reads "none", "undersample", "weighted" (exponent 0), "weighted:0.5", "oversample".
  ///
  /// - Throws: `BalanceError` with code `usage` for an unknown name, with the name that was meant,
  ///   an exponent that is no number from 0 to 1, or an option that the strategy does not have.
  public init(parsing text: String) throws(BalanceError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let name = parts[0]
    switch (name, parts.count) {
    case ("none", 1): self = .none
    case ("undersample", 1): self = .undersample
    case ("oversample", 1): self = .oversample
    case ("weighted", 1): self = .weighted(exponent: 0)
    case ("weighted", 2):
      guard let exponent = Double(parts[1]) else { throw Self.badExponent(parts[1]) }
      self = .weighted(exponent: exponent)
      try validate()
    case (let name, _) where Self.names.contains(name):
      throw BalanceError(
        .usage,
        "the sampling strategy '\(name)' has no option '\(parts.dropFirst().joined(separator: ":"))'",
        remedy: name == "weighted" ? "write weighted:0.5" : "write \(name)")
    default: throw Suggestion.unknown("sampling strategy", name, among: Self.names)
    }
  }

  /// - Throws: `BalanceError` with code `usage` for an exponent outside 0...1.
  func validate() throws(BalanceError) {
    if case .weighted(let exponent) = self, !(exponent >= 0 && exponent <= 1) {
      throw Self.badExponent("\(exponent)")
    }
  }

  private static func badExponent(_ text: String) -> BalanceError {
    BalanceError(
      .usage, "the exponent of weighted sampling is '\(text)'",
      remedy: "expected a number from 0 (every class equally often) to 1 (as in the data)")
  }

  /// The share of each class among the draws of many passes; 0 for a class without images.
  ///
  /// With K' classes that have images: none n_c / N; undersample and oversample 1 / K';
  /// weighted n_c^q / Σ n_k^q.
  public func expectedShares(_ counts: [Int]) -> [Double] {
    let weights = counts.map { count -> Double in
      guard count > 0 else { return 0 }
      return switch self {
      case .none: Double(count)
      case .undersample, .oversample: 1
      case .weighted(let exponent): pow(Double(count), exponent)
      }
    }
    let total = weights.reduce(0, +)
    return weights.map { total > 0 ? $0 / total : 0 }
  }
}

extension SamplingStrategy: CustomStringConvertible {
  public var description: String {
    switch self {
    case .none: "none"
    case .undersample: "undersample"
    case .weighted(let exponent): exponent == 0 ? "weighted" : "weighted:\(exponent)"
    case .oversample: "oversample"
    }
  }
}

extension SamplingStrategy: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
