public import BalanceCore
import Foundation

/// How much each class counts in the loss.
///
/// Losses divide by the sum of the weights, so only their ratios matter. A class without training
/// images gets weight 0: none of its images can occur in training. Written and read as it is
/// spelled on the command line (`description`).
public enum ClassWeighting: Hashable, Sendable {
  /// Every class counts 1.
  case none
  /// w_c = N / (K' n_c) over the K' classes with images, scikit-learn's 'balanced'.
  case inverseFrequency
  /// w_c ∝ (1 − β) / (1 − β^n_c), normalised to Σ w_c = K'.
  ///
  /// Source: Cui et al., *Class-balanced loss based on effective number of samples*, CVPR 2019.
  case effectiveNumber(beta: Double)
  /// One weight a class, in the order of the classes.
  case custom([Double])

  /// The names that `init(parsing:)` knows.
  public static let names = ["none", "inverse-frequency", "effective-number", "custom"]

  /// Reads "none", "inverse-frequency", "effective-number" (β = 0.9999), "effective-number:0.999",
  /// "custom:1,2.5,4" or just "1,2.5,4".
  ///
  /// - Throws: `BalanceError` with code `usage` for an unknown name, a β outside 0..<1, or weights
  ///   that are negative, not finite, or all 0.
  public init(parsing text: String) throws(BalanceError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let option = parts.count > 1 ? String(parts[1]) : nil
    switch name {
    case "none", "inverse-frequency":
      guard option == nil else {
        throw BalanceError(
          .usage, "the class weighting '\(name)' has no option '\(option ?? "")'",
          remedy: "write \(name)")
      }
      self = name == "none" ? .none : .inverseFrequency
    case "effective-number":
      guard let beta = Double(option ?? "0.9999") else { throw Self.badBeta(option ?? "") }
      self = .effectiveNumber(beta: beta)
    case "custom":
      let fields = (option ?? "").split(separator: ",", omittingEmptySubsequences: false)
      let weights = fields.compactMap { Double($0) }
      guard weights.count == fields.count else { throw Self.badWeights(option ?? "") }
      self = .custom(weights)
    case _ where name.contains(",") && name.utf8.contains { $0 >= 0x30 && $0 <= 0x39 }:
      try self.init(parsing: "custom:" + text)
    default: throw Suggestion.unknown("class weighting", name, among: Self.names)
    }
    try validate()
  }

  /// The weights for these counts, one a class, 0 for a class without images; nil for `.none`.
  ///
  /// - Throws: `BalanceError` with code `usage` for a β outside 0..<1, for weights that are
  ///   negative, not finite, all 0, or not one a class.
  public func weights(for counts: ClassCounts) throws(BalanceError) -> [Double]? {
    try validate()
    let occupied = Double(counts.counts.count { $0 > 0 })
    switch self {
    case .none: return nil
    case .inverseFrequency:
      let total = Double(counts.total)
      return counts.counts.map { $0 == 0 ? 0 : total / (occupied * Double($0)) }
    case .effectiveNumber(let beta):
      return Self.effectiveNumberWeights(beta: beta, counts.counts)
    case .custom(let weights):
      guard weights.count == counts.classCount else {
        throw BalanceError(
          .usage, "\(weights.count) class weights for \(counts.classCount) classes",
          remedy: "give one for each of: \(counts.names.joined(separator: ", "))")
      }
      return weights
    }
  }

  /// - Precondition: β is in 0..<1.
  static func effectiveNumberWeights(beta: Double, _ counts: [Int]) -> [Double] {
    // 1 − β^n without cancellation where β is near 1.
    let raw = counts.map { $0 == 0 ? 0 : (1 - beta) / -expm1(Double($0) * log(beta)) }
    let sum = raw.reduce(0, +)
    let occupied = Double(counts.count { $0 > 0 })
    return raw.map { sum == 0 ? 0 : $0 * occupied / sum }
  }

  private func validate() throws(BalanceError) {
    switch self {
    case .none, .inverseFrequency: return
    case .effectiveNumber(let beta):
      guard beta >= 0, beta < 1 else { throw Self.badBeta("\(beta)") }
    case .custom(let weights):
      guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }), weights.contains(where: { $0 > 0 })
      else { throw Self.badWeights(weights.map { "\($0)" }.joined(separator: ",")) }
    }
  }

  private static func badBeta(_ text: String) -> BalanceError {
    BalanceError(
      .usage, "beta of the effective number is '\(text)'",
      remedy: "expected a number from 0 to below 1, as in effective-number:0.999")
  }

  private static func badWeights(_ text: String) -> BalanceError {
    BalanceError(
      .usage, "the class weights are '\(text)'",
      remedy: "expected numbers from 0, not all 0, one a class, as in custom:1,2.5,4")
  }
}

extension ClassWeighting: CustomStringConvertible {
  public var description: String {
    switch self {
    case .none: "none"
    case .inverseFrequency: "inverse-frequency"
    case .effectiveNumber(let beta): "effective-number:\(beta)"
    case .custom(let weights): "custom:" + weights.map { "\($0)" }.joined(separator: ",")
    }
  }
}

extension ClassWeighting: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
