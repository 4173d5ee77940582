public import BalanceCore

/// A bound on gradients before the optimizer sees them.
public enum GradientClipping: Spelled {
  case none
  /// All gradients times min(1, bound / (‖g‖₂ + 10⁻⁶)), the norm taken over all trained parameters
  /// together (`torch.nn.utils.clip_grad_norm_`).
  case norm(Double)
  /// Each gradient into −bound...bound (`clip_grad_value_`).
  case value(Double)

  public static let grammar = Grammar<GradientClipping>(
    "gradient clipping",
    [
      SpelledForm("none", "gradients as they are", is: .none),
      SpelledForm(
        "norm", "the norm of all gradients together is at most BOUND", naming: .bare,
        .number("BOUND", .above(0), example: "1"),
        make: { .norm($0) }, take: { if case .norm(let bound) = $0 { bound } else { nil } }),
      SpelledForm(
        "value", "each gradient is at most BOUND", .number("BOUND", .above(0), example: "0.5"),
        make: { .value($0) }, take: { if case .value(let bound) = $0 { bound } else { nil } }),
    ])
}
