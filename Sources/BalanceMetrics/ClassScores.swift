/// How well one class is found: one row of the report, one class against the rest.
///
/// A ratio whose denominator is 0 is 0 (`MetricPolicy.zeroDivision`).
public struct ClassScores: Codable, Hashable, Sendable {
  public let name: String
  /// Images whose true class this is: TP + FN.
  public let support: Int
  /// Images predicted as this class: TP + FP.
  public let predictedCount: Int
  public let truePositives: Int
  /// TP / (TP + FP).
  public let precision: Double
  /// TP / (TP + FN), the class's own accuracy.
  public let recall: Double
  /// 2 TP / (2 TP + FP + FN).
  public let f1: Double
  /// TN / (TN + FP).
  public let specificity: Double
  /// Wilson's 95 % interval of the recall; 0...1 where the support is 0.
  public let recallInterval: ProportionInterval
  /// Training images of this class, where they are known.
  public let trainingCount: Int?

  /// Whether the class is in the truth or among the predictions; macro averages leave out what
  /// does not.
  public var occurs: Bool { support + predictedCount > 0 }

  /// The scores of class `c`.
  public init(_ confusion: ConfusionMatrix, class c: Int, trainingCount: Int? = nil) {
    let support = confusion.support(c)
    let predicted = confusion.predictedCount(c)
    let hits = confusion[truth: c, predicted: c]
    let negatives = confusion.total - support
    name = confusion.classNames[c]
    self.support = support
    predictedCount = predicted
    truePositives = hits
    precision = ratio(hits, predicted)
    recall = ratio(hits, support)
    f1 = ratio(2 * hits, support + predicted)
    specificity = ratio(negatives - (predicted - hits), negatives)
    recallInterval = ProportionInterval(successes: hits, trials: support)
    self.trainingCount = trainingCount
  }
}

/// numerator / denominator, and 0 where the denominator is 0.
func ratio(_ numerator: Int, _ denominator: Int) -> Double {
  denominator == 0 ? 0 : Double(numerator) / Double(denominator)
}
