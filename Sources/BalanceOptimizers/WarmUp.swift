public import BalanceCore

/// A linear rise at the start of a run: a factor of the schedule's rate.
public enum WarmUp: Spelled {
  case none
  /// (e + 1) / n in epoch e < n, counted from 0.
  case epochs(Int)
  /// (t + 1) / n in optimizer step t < n, counted from 0.
  case steps(Int)

  public static let grammar = Grammar<WarmUp>(
    "warm-up",
    [
      SpelledForm("none", "the schedule's rate from the first step", is: .none),
      SpelledForm(
        "epochs", "a rise over so many epochs", naming: .bare,
        .whole("EPOCHS", from: 1, example: "5"),
        make: { .epochs($0) }, take: { if case .epochs(let count) = $0 { count } else { nil } }),
      SpelledForm(
        "steps", "a rise over so many optimizer steps", .whole("STEPS", from: 1, example: "500"),
        make: { .steps($0) }, take: { if case .steps(let count) = $0 { count } else { nil } }),
    ])

  /// - Precondition: `stepsPerEpoch > 0`.
  public func factor(step: Int, stepsPerEpoch: Int) -> Double {
    switch self {
    case .none: 1
    case .epochs(let count): min(Double(step / stepsPerEpoch + 1) / Double(count), 1)
    case .steps(let count): min(Double(step + 1) / Double(count), 1)
    }
  }
}
