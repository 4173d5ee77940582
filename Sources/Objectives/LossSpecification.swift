public import BalanceCore

/// A loss as it is named in a manifest or on the command line, without class weights.
///
/// Written and read as it is spelled (`description`).
public enum LossSpecification: Hashable, Sendable {
  case crossEntropy
  case focal(gamma: Double)
  case labelSmoothing(epsilon: Double)

  /// The names that `init(parsing:)` knows.
  public static let names = ["cross-entropy", "focal", "label-smoothing"]

  /// Reads "cross-entropy", "focal" (γ = 2), "focal:1.5", "label-smoothing" (ε = 0.1),
  /// "label-smoothing:0.05".
  ///
  /// - Throws: `BalanceError` with code `usage` for an unknown name, with the name that was meant,
  ///   a γ that is not a number from 0, or an ε that is not a number from 0 to 1.
  public init(parsing text: String) throws(BalanceError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let option = parts.count > 1 ? String(parts[1]) : nil
    switch name {
    case "cross-entropy":
      guard option == nil else {
        throw BalanceError(
          .usage, "the loss 'cross-entropy' has no option '\(option ?? "")'",
          remedy: "write cross-entropy")
      }
      self = .crossEntropy
    case "focal":
      guard let gamma = Double(option ?? "2"), gamma >= 0, gamma.isFinite else {
        throw BalanceError(
          .usage, "gamma of the focal loss is '\(option ?? "")'",
          remedy: "expected a number from 0, as in focal:2")
      }
      self = .focal(gamma: gamma)
    case "label-smoothing":
      guard let epsilon = Double(option ?? "0.1"), epsilon >= 0, epsilon <= 1 else {
        throw BalanceError(
          .usage, "epsilon of label smoothing is '\(option ?? "")'",
          remedy: "expected a number from 0 to 1, as in label-smoothing:0.1")
      }
      self = .labelSmoothing(epsilon: epsilon)
    default: throw Suggestion.unknown("loss", name, among: Self.names)
    }
  }

  /// The loss, with class weights or without.
  public func loss(weights: [Double]? = nil) -> any Loss {
    switch self {
    case .crossEntropy: CrossEntropy(weights: weights)
    case .focal(let gamma): FocalLoss(gamma: gamma, weights: weights)
    case .labelSmoothing(let epsilon): LabelSmoothing(epsilon: epsilon, weights: weights)
    }
  }
}

extension LossSpecification: CustomStringConvertible {
  public var description: String {
    switch self {
    case .crossEntropy: "cross-entropy"
    case .focal(let gamma): gamma == 2 ? "focal" : "focal:\(gamma)"
    case .labelSmoothing(let epsilon):
      epsilon == 0.1 ? "label-smoothing" : "label-smoothing:\(epsilon)"
    }
  }
}

extension LossSpecification: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
