/// The choices behind every figure of an `Evaluation`, written out with it, so that a reader can
/// recompute all of it from `predictions.csv`.
///
/// It describes; it does not configure.
public struct MetricPolicy: Codable, Hashable, Sendable {
  /// What a precision, recall, F1 or specificity with denominator 0 is.
  public let zeroDivision: Double
  /// The classes that averages run over.
  public let labels: String
  /// How macro, micro and weighted averages are formed.
  public let averages: String
  /// What happens to classes without test images.
  public let absentClasses: String
  /// The predicted class.
  public let prediction: String
  /// Agreement of a constant truth or prediction.
  public let constantPredictions: String
  /// The intervals of proportions.
  public let intervals: String
  /// NLL = −mean log max(p_truth, `probabilityFloor`).
  public let probabilityFloor: Double
  /// The form of the Brier score.
  public let brier: String
  /// The number of bins of the calibration error.
  public let calibrationBins: Int
  /// Which edge belongs to a bin.
  public let calibrationEdges: String
  /// What `priorWeightedAccuracy` is.
  public let priorWeightedAccuracy: String
  /// The bounds of the bands of `ShotAccuracy`.
  public let shots: String

  public static let standard = MetricPolicy(
    zeroDivision: 0,
    labels: "the classes that occur in the truth or the predictions",
    averages: "macro: mean over classes; weighted: by support; micro: from summed counts",
    absentClasses:
      "left out of macro averages, but count as 0 where they are predicted; left out of balanced "
      + "accuracy and G-mean",
    prediction: "the highest probability, the first class of several equal ones",
    constantPredictions: "MCC is 0; kappa is nan if truth and prediction are the same one class",
    intervals: "Wilson score, 95 %",
    probabilityFloor: 0x1p-126,
    brier: "mean over images of the sum over classes of (p - truth)^2, 0 to 2",
    calibrationBins: 15,
    calibrationEdges: "equal widths, [low, high), confidence 1 in the last",
    priorWeightedAccuracy:
      "sum of training share x recall, shares renormalised over classes with test images",
    shots: "mean recall of classes with > 100, 20 to 100, < 20 training images and test images")
}
