public import BalanceTensors

/// What a user asks for as the precision of a network: `PlanOptions.precision`, or the best there
/// is.
public enum Precision: String, CaseIterable, Sendable {
  case f32
  /// Falls back to f32 on machines without it.
  case bf16
  /// The faster one for the network on this machine; see `PrecisionRule`.
  case auto

  /// What this machine uses.
  public var used: ActivationType { self != .f32 && Machine.supportsBF16 ? .bf16 : .f32 }

  /// A sentence where that is not what was asked for.
  public var fallback: String? {
    self == .bf16 && used == .f32 ? Self.noBF16 : nil
  }

  static let noBF16 =
    "precision is f32 instead of bf16, which this machine (\(Machine.instructionSet)) lacks"
}
