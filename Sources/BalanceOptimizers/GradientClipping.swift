public import BalanceCore

/// A bound on gradients before the optimizer sees them.
///
/// Written and read as it is spelled on the command line (`description`).
public enum GradientClipping: Hashable, Sendable {
  case none
  /// All gradients times min(1, bound / (‖g‖₂ + 10⁻⁶)), the norm taken over all trained parameters
  /// together (`torch.nn.utils.clip_grad_norm_`).
  case norm(Double)
  /// Each gradient into −bound...bound (`clip_grad_value_`).
  case value(Double)

  /// Reads "none", "norm:1", "value:0.5", or just "1" for the norm.
  ///
  /// - Throws: `BalanceError` with code `usage`: bounds are above 0.
  public init(parsing text: String) throws(BalanceError) {
    let isBare = Double(text)?.isFinite ?? false
    var options = SpelledOptions(isBare ? "norm:\(text)" : text, kind: "gradient clipping")
    options.form = "none, norm:1 or value:0.5"
    switch options.name {
    case "none": self = .none
    case "norm": self = .norm(try options.number { $0 > 0 })
    case "value": self = .value(try options.number { $0 > 0 })
    default:
      throw Suggestion.unknown(
        "gradient clipping", options.name, among: ["none", "norm:1", "value:0.5"])
    }
    try options.finish()
  }
}

extension GradientClipping: CustomStringConvertible, Codable {
  public var description: String {
    switch self {
    case .none: "none"
    case .norm(let bound): "norm:\(bound)"
    case .value(let bound): "value:\(bound)"
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
