public import BalanceCore
public import BalanceOptimizers

/// Which epoch's weights a run evaluates and saves.
public enum WeightChoice: Spelled {
  case last
  /// Those of the epoch with the best validation figure, the earliest of equal ones.
  case best(ValidationMetric)

  public static let grammar = Grammar<WeightChoice>(
    "choice of weights",
    [
      SpelledForm("last", "those after the last epoch", is: .last),
      SpelledForm(
        "best", "those of the epoch with the best validation figure",
        SpelledOption.choice("METRIC", usual: ValidationMetric.macroF1).alwaysWritten,
        make: { .best($0) }, take: { if case .best(let metric) = $0 { metric } else { nil } }),
    ])
}
