public import BalanceCore

/// What is done to the last layer of a trained network, against the imbalance it was trained under
/// or for better probabilities. The weights that are saved have it in them.
///
/// Written and read as it is spelled on the command line (`description`).
public enum PostHoc: Hashable, Sendable, CustomStringConvertible {
  case none
  /// b_c ← b_c − τ log π_c; see `LogitAdjustment`.
  case logitAdjustment(tau: Double)
  /// W ← W / T, b ← b / T with the T that suits the validation images best; see
  /// `TemperatureScaling`.
  case temperature
  /// W_c ← W_c / ‖W_c‖^τ, b ← 0; see `TauNormalization`.
  case tauNormalization(tau: Double)

  static let names = ["none", "logit-adjustment", "temperature", "tau-norm"]

  /// Reads "none", "logit-adjustment" (τ = 1), "logit-adjustment:0.5", "temperature", "tau-norm" (τ = 1),
  /// "tau-norm:0.7".
  ///
  /// - Throws: `BalanceError` with code `usage`.
  public init(parsing text: String) throws(BalanceError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let name = parts.first ?? ""
    guard Self.names.contains(name) else {
      throw Suggestion.unknown("post-hoc correction", name, among: Self.names)
    }
    let takesTau = name == "logit-adjustment" || name == "tau-norm"
    let tau = parts.count > 1 ? Double(parts[1]) : 1
    guard parts.count <= (takesTau ? 2 : 1), let tau, (0...10).contains(tau) else {
      throw BalanceError(
        .usage, "the post-hoc correction '\(text)' cannot be read",
        remedy: takesTau ? "write \(name):TAU with a number from 0 to 10" : "write \(name)")
    }
    switch name {
    case "logit-adjustment": self = .logitAdjustment(tau: tau)
    case "temperature": self = .temperature
    case "tau-norm": self = .tauNormalization(tau: tau)
    default: self = .none
    }
  }

  public var description: String {
    switch self {
    case .none: "none"
    case .logitAdjustment(1): "logit-adjustment"
    case .logitAdjustment(let tau): "logit-adjustment:\(tau)"
    case .temperature: "temperature"
    case .tauNormalization(1): "tau-norm"
    case .tauNormalization(let tau): "tau-norm:\(tau)"
    }
  }

  /// τ of a prior that is taken out of the logits; 0 for none.
  var priorTau: Double {
    if case .logitAdjustment(let tau) = self { tau } else { 0 }
  }
}
