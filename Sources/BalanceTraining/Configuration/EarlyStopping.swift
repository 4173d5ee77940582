public import BalanceCore
public import BalanceOptimizers

/// Whether a run ends before its last epoch: when a validation figure has not become better for
/// `patience` epochs in a row.
///
/// Written and read as it is spelled on the command line (`description`).
public enum EarlyStopping: Hashable, Sendable, CustomStringConvertible {
  case none
  case after(patience: Int, metric: ValidationMetric)

  /// Reads "none", "10" (of macro F1) or "accuracy:10".
  ///
  /// - Throws: `BalanceError` with code `usage`.
  public init(parsing text: String) throws(BalanceError) {
    if text == "none" {
      self = .none
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(parts.count), let patience = Int(parts[parts.count - 1]), patience > 0
    else {
      throw BalanceError(
        .usage, "expected 'none' or the epochs to wait, such as 10 or accuracy:10, found '\(text)'")
    }
    let metric = parts.count == 2 ? try ValidationMetric(named: parts[0]) : .macroF1
    self = .after(patience: patience, metric: metric)
  }

  public var description: String {
    switch self {
    case .none: "none"
    case .after(let patience, let metric): "\(metric.rawValue):\(patience)"
    }
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
