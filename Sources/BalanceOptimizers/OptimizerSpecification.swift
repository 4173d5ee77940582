public import BalanceCore

/// An optimizer as it is named in a manifest or on the command line, without weight decay and
/// SGD's momentum, which are settings of their own.
public enum OptimizerSpecification: Spelled {
  case sgd
  case nesterov
  case adam(AdamConstants)
  case adamw(AdamConstants)
  case adamp(AdamConstants, delta: Double, decayRatio: Double, nesterov: Bool)

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
