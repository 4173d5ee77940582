import BalanceCore

/// How far stated confidence is from accuracy, over the highest probability of each image.
///
///     ECE = Σ_b (n_b / N) · |accuracy_b − confidence_b|      bins (b/B, (b+1)/B], B = 15
///
/// Source: Guo et al., *On calibration of modern neural networks*, ICML 2017, section 2.
public struct Calibration: Codable, Hashable, Sendable {
  public static let binCount = 15

  /// One bin of confidence, all seeds pooled.
  public struct Bin: Codable, Hashable, Sendable {
    public var count: Int
    public var meanConfidence: Double
    public var accuracy: Double
  }

  /// Mean over the seeds of each run's ECE, and its least and greatest.
  public var expectedError: Double
  public var minimum: Double
  public var maximum: Double
  /// Mean confidence − accuracy over all seeds: above 0 is overconfident.
  public var overconfidence: Double
  /// `binCount` bins of equal width; an empty one has count 0 and zeros.
  public var bins: [Bin]

  /// - Precondition: at least one table.
  init(_ tables: [PredictionTable]) {
    let each = tables.map { Self.totals([$0]) }
    let errors = each.map(Self.error)
    expectedError = errors.reduce(0, +) / Double(errors.count)
    minimum = errors.min() ?? 0
    maximum = errors.max() ?? 0
    let pooled = Self.totals(tables)
    let count = pooled.reduce(0.0) { $0 + Double($1.count) }
    overconfidence =
      count == 0 ? 0 : pooled.reduce(0) { $0 + $1.confidence - Double($1.correct) } / count
    bins = pooled.map { bin in
      let count = Double(max(1, bin.count))
      return Bin(
        count: bin.count, meanConfidence: bin.confidence / count,
        accuracy: Double(bin.correct) / count)
    }
  }

  /// ECE of one table.
  static func expectedError(_ table: PredictionTable) -> Double { error(totals([table])) }

  private typealias Totals = (count: Int, correct: Int, confidence: Double)

  private static func totals(_ tables: [PredictionTable]) -> [Totals] {
    var bins = [Totals](repeating: (0, 0, 0), count: binCount)
    for table in tables {
      let k = table.classNames.count
      for row in 0..<table.count {
        let predicted = table.predicted[row]
        let confidence = Double(table.probabilities[row * k + predicted])
        let bin = min(binCount - 1, max(0, Int((confidence * Double(binCount)).rounded(.up)) - 1))
        bins[bin].count += 1
        bins[bin].confidence += confidence
        if predicted == table.truth[row] { bins[bin].correct += 1 }
      }
    }
    return bins
  }

  private static func error(_ bins: [Totals]) -> Double {
    let total = bins.reduce(0) { $0 + $1.count }
    let sum = bins.reduce(0.0) { $0 + abs(Double($1.correct) - $1.confidence) }
    return total == 0 ? 0 : sum / Double(total)
  }
}
