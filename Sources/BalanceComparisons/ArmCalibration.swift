import BalanceCore
import BalanceMetrics

/// How far an arm's stated confidence is from its accuracy (see `Calibration`).
public struct ArmCalibration: Codable, Hashable, Sendable {
  /// One bin of confidence, all seeds pooled; an empty one has count 0 and zeros.
  public struct Bin: Codable, Hashable, Sendable {
    public var count: Int
    public var meanConfidence: Double
    public var accuracy: Double
  }

  /// Mean over the seeds of each run's expected calibration error, and its least and greatest.
  public var expectedError: Double
  public var minimum: Double
  public var maximum: Double
  /// Mean over the seeds of the negative log-likelihood, in nats.
  public var negativeLogLikelihood: Double
  /// Mean confidence − accuracy over all seeds: above 0 is overconfident.
  public var overconfidence: Double
  /// Bins of equal width over [0, 1].
  public var bins: [Bin]

  /// - Precondition: at least one calibration, all with the same bins.
  init(_ each: [Calibration]) {
    precondition(!each.isEmpty, "the calibration of no runs")
    let runs = Double(each.count)
    let errors = each.map(\.expectedCalibrationError)
    expectedError = errors.reduce(0, +) / runs
    minimum = errors.min() ?? 0
    maximum = errors.max() ?? 0
    negativeLogLikelihood = each.reduce(0) { $0 + $1.negativeLogLikelihood } / runs
    let pooled = each[0].bins.indices.map { bin in
      each.reduce((count: 0, correct: 0, confidence: 0.0)) { sum, one in
        let bin = one.bins[bin]
        return (sum.count + bin.count, sum.correct + bin.correct, sum.confidence + bin.confidence)
      }
    }
    let total = Double(max(1, pooled.reduce(0) { $0 + $1.count }))
    overconfidence = pooled.reduce(0) { $0 + $1.confidence - Double($1.correct) } / total
    bins = pooled.map { bin in
      let count = Double(max(1, bin.count))
      return Bin(
        count: bin.count, meanConfidence: bin.confidence / count,
        accuracy: Double(bin.correct) / count)
    }
  }
}
