public import BalanceCore
public import BalanceOptimizers

/// Whether a run ends before its last epoch: when a validation figure has not become better for
/// `patience` epochs in a row.
public enum EarlyStopping: Spelled {
  case none
  case after(patience: Int, metric: ValidationMetric)

  public static let grammar = Grammar<EarlyStopping>(
    "early stopping",
    [SpelledForm("none", "all epochs", is: .none)] + ValidationMetric.allCases.map(form))

  /// A number alone is of macro F1.
  private static func form(_ metric: ValidationMetric) -> SpelledForm<EarlyStopping> {
    SpelledForm(
      metric.rawValue, "when validation \(metric.title) has not become better for so many epochs",
      naming: metric == .macroF1 ? .bare : .name, .whole("EPOCHS", from: 1, example: "10"),
      make: { .after(patience: $0, metric: metric) },
      take: { if case .after(let patience, metric) = $0 { patience } else { nil } })
  }

  /// The best figure so far and how long ago it was, for a checkpoint.
  struct State: Codable, Hashable, Sendable {
    var best: Double?
    var epochsSince = 0
  }

  /// Takes in an epoch's figure; says why the run should end, where it should.
  func observe(_ figure: Double, _ state: inout State) -> String? {
    guard case .after(let patience, let metric) = self else { return nil }
    if metric.isBetter(figure, than: state.best) {
      state = State(best: figure)
      return nil
    }
    state.epochsSince += 1
    guard state.epochsSince >= patience else { return nil }
    return "validation \(metric.title) has not become better for \(patience) epochs"
  }

  var metric: ValidationMetric? {
    if case .after(_, let metric) = self { metric } else { nil }
  }
}
