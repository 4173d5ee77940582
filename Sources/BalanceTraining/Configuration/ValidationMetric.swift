import BalanceCore
public import BalanceMetrics
public import BalanceOptimizers

/// The validation figure that schedules, early stopping and the choice of weights go by.
public typealias ValidationMetric = ReduceOnPlateau.Metric

extension ValidationMetric {
  /// The figure of an evaluation.
  public func figure(of evaluation: Evaluation) -> Double {
    switch self {
    case .macroF1: evaluation.macro.f1
    case .accuracy: evaluation.accuracy
    case .loss: evaluation.negativeLogLikelihood
    }
  }

  /// Whether a figure is better than the best so far; no figure is worse than NaN.
  func isBetter(_ figure: Double, than best: Double?) -> Bool {
    guard let best else { return !figure.isNaN }
    return self == .loss ? figure < best : figure > best
  }

  /// In a sentence.
  var title: String { self == .macroF1 ? "macro F1" : rawValue }
}
