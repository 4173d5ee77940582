public import BalanceCore
import Foundation

/// Everything that is said about a model's predictions on one set of images.
///
/// Definitions are scikit-learn's with `zero_division=0`: class scores with `labels` = all classes,
/// averages with its default labels, the classes that occur in the truth or the predictions. The
/// choices are written out in `policy`. Written as `evaluation.json`.
///
/// Without images the accuracy, κ and the calibration figures are NaN.
public struct Evaluation: Codable, Hashable, Sendable {
  public let policy: MetricPolicy
  /// One entry a class, in the order of the classes.
  public let classes: [ClassScores]
  public let confusion: ConfusionMatrix
  /// The number of images.
  public let count: Int
  public let accuracy: Double
  public let accuracyInterval: ProportionInterval
  public let macro: AveragedScores
  public let micro: AveragedScores
  public let weighted: AveragedScores
  /// Mean recall of the classes with support; NaN without any.
  public let balancedAccuracy: Double
  /// (Π recall_c)^(1/m) over the m classes with support: 0 if one of them is never found.
  public let geometricMean: Double
  /// The lowest recall of the classes with support; NaN without any.
  public let worstRecall: Double
  /// Matthews' correlation coefficient.
  public let mcc: Double
  /// Cohen's κ.
  public let kappa: Double
  public let negativeLogLikelihood: Double
  public let brier: Double
  /// Expected calibration error, 15 bins.
  public let ece: Double
  /// Σ π_c · recall_c, the accuracy at the training set's class shares π, renormalised over the
  /// classes with support; nil where the training counts are unknown or all 0.
  public let priorWeightedAccuracy: Double?
  /// nil where the training counts are unknown.
  public let shots: ShotAccuracy?

  /// - Parameter trainingCounts: images a class in the training split, matched by class name.
  public init(_ predictions: PredictionTable, trainingCounts: ClassCounts?) {
    let confusion = ConfusionMatrix(
      truth: predictions.truth, predicted: predictions.predicted,
      classNames: predictions.classNames)
    let training = trainingCounts.map {
      Dictionary(
        zip($0.names.map { ByteKey($0) }, $0.counts), uniquingKeysWith: { first, _ in first })
    }
    let classes = confusion.classNames.indices.map {
      ClassScores(
        confusion, class: $0, trainingCount: training?[ByteKey(confusion.classNames[$0])])
    }
    let present = classes.filter { $0.support > 0 }
    let m = Double(present.count)
    let calibration = Calibration(predictions)

    policy = .standard
    self.classes = classes
    self.confusion = confusion
    count = predictions.count
    accuracy = confusion.accuracy
    accuracyInterval = ProportionInterval(
      successes: confusion.correct, trials: predictions.count)
    macro = .macro(classes)
    micro = .micro(confusion)
    weighted = .supportWeighted(classes)
    balancedAccuracy = present.reduce(0) { $0 + $1.recall } / m
    // In logarithms: the product of a thousand recalls would underflow.
    geometricMean = exp(present.reduce(0) { $0 + log($1.recall) } / m)
    worstRecall = present.map(\.recall).min() ?? .nan
    mcc = confusion.matthewsCorrelation
    kappa = confusion.cohenKappa
    negativeLogLikelihood = calibration.negativeLogLikelihood
    brier = calibration.brier
    ece = calibration.expectedCalibrationError
    priorWeightedAccuracy = Self.priorWeighted(present)
    shots = training == nil ? nil : ShotAccuracy(classes)
  }

  /// The classes in neither the truth nor the predictions, which no average counts.
  public var absentClasses: [String] { classes.filter { !$0.occurs }.map(\.name) }

  private static func priorWeighted(_ present: [ClassScores]) -> Double? {
    let known = present.filter { $0.trainingCount != nil }
    let total = known.reduce(0) { $0 + ($1.trainingCount ?? 0) }
    guard total > 0 else { return nil }
    return known.reduce(0) { $0 + Double($1.trainingCount ?? 0) * $1.recall } / Double(total)
  }
}
