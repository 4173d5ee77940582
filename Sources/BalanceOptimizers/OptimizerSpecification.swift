public import BalanceCore

/// An optimizer as it is named in a manifest or on the command line, without weight decay and
/// SGD's momentum, which are settings of their own.
///
/// Written and read as it is spelled (`description`).
public enum OptimizerSpecification: Hashable, Sendable {
  case sgd
  case nesterov
  case adam(AdamConstants)
  case adamw(AdamConstants)
  case adamp(AdamConstants, delta: Double, decayRatio: Double, nesterov: Bool)

  /// The names that `init(parsing:)` knows.
  public static let names = ["sgd", "nesterov", "adam", "adamw", "adamp", "adamp-nesterov"]

  /// Reads "sgd", "nesterov", or "adam", "adamw", "adamp", "adamp-nesterov" with, if wanted, β₁
  /// (0.9), β₂ (0.999) and ε (1e-8), and for AdamP δ (0.1) and the decay ratio (0.1), as in
  /// "adamw:0.9:0.95".
  ///
  /// - Throws: `BalanceError` with code `usage` for an unknown name, with the name that was meant,
  ///   or an option out of range.
  public init(parsing text: String) throws(BalanceError) {
    var options = SpelledOptions(text, kind: "optimizer")
    let name = options.name
    switch name {
    case "sgd", "nesterov":
      options.form = name
      self = name == "sgd" ? .sgd : .nesterov
    case "adam", "adamw":
      options.form = "\(name):BETA1:BETA2:EPSILON, as in \(name):0.9:0.999:1e-8"
      let constants = try Self.constants(&options)
      self = name == "adam" ? .adam(constants) : .adamw(constants)
    case "adamp", "adamp-nesterov":
      options.form =
        "\(name):BETA1:BETA2:EPSILON:DELTA:RATIO, as in \(name):0.9:0.999:1e-8:0.1:0.1"
      self = .adamp(
        try Self.constants(&options), delta: try options.number(0.1) { $0 >= 0 },
        decayRatio: try options.number(0.1) { $0 >= 0 }, nesterov: name == "adamp-nesterov")
    default: throw Suggestion.unknown("optimizer", name, among: Self.names)
    }
    try options.finish()
  }

  private static func constants(_ options: inout SpelledOptions) throws(BalanceError)
    -> AdamConstants
  {
    AdamConstants(
      beta1: try options.number(0.9) { (0..<1).contains($0) },
      beta2: try options.number(0.999) { (0..<1).contains($0) },
      epsilon: try options.number(1e-8) { $0 > 0 })
  }

  /// Whether SGD's momentum has a meaning.
  public var usesMomentum: Bool { self == .sgd || self == .nesterov }

  /// A learning rate to start with: 0.1 for SGD, 0.001 for Adam and its kin.
  public var usualRate: Double { usesMomentum ? 0.1 : 0.001 }

  /// The update rule.
  ///
  /// - Parameters:
  ///   - momentum: of SGD, in 0..<1; the others have β₁.
  ///   - weightDecay: λ, not negative.
  /// - Throws: `BalanceError` with code `usage` for Nesterov's momentum of 0.
  public func rule(momentum: Double, weightDecay: Double) throws(BalanceError) -> any UpdateRule {
    switch self {
    case .sgd: return SGD(momentum: Float(momentum), weightDecay: Float(weightDecay))
    case .nesterov:
      guard momentum > 0 else {
        throw BalanceError(
          .usage, "Nesterov's momentum needs a momentum above 0", at: "momentum",
          remedy: "use the optimizer sgd, or a momentum such as 0.9")
      }
      return SGD(momentum: Float(momentum), weightDecay: Float(weightDecay), nesterov: true)
    case .adam(let constants): return Adam(constants, weightDecay: weightDecay)
    case .adamw(let constants): return AdamW(constants, weightDecay: weightDecay)
    case .adamp(let constants, let delta, let decayRatio, let nesterov):
      return AdamP(
        constants, weightDecay: weightDecay, delta: delta, decayRatio: decayRatio,
        nesterov: nesterov)
    }
  }
}

extension OptimizerSpecification: CustomStringConvertible, Codable {
  public var description: String {
    switch self {
    case .sgd: "sgd"
    case .nesterov: "nesterov"
    case .adam(let constants): SpelledOptions.spell("adam", Self.options(constants))
    case .adamw(let constants): SpelledOptions.spell("adamw", Self.options(constants))
    case .adamp(let constants, let delta, let decayRatio, let nesterov):
      SpelledOptions.spell(
        nesterov ? "adamp-nesterov" : "adamp",
        Self.options(constants) + [("\(delta)", "0.1"), ("\(decayRatio)", "0.1")])
    }
  }

  private static func options(_ constants: AdamConstants) -> [(value: String, usual: String?)] {
    let usual = AdamConstants()
    return [
      ("\(constants.beta1)", "\(usual.beta1)"), ("\(constants.beta2)", "\(usual.beta2)"),
      ("\(constants.epsilon)", "\(usual.epsilon)"),
    ]
  }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
