public import BalanceCore
import Foundation

/// How far the probabilities can be believed.
public struct Calibration: Codable, Hashable, Sendable {
  /// −mean log max(p_truth, 2⁻¹²⁶), in nats; the floor, the smallest normal `Float`, keeps one
  /// certain mistake from making the mean infinite.
  public let negativeLogLikelihood: Double
  /// mean Σ_k (p_k − 1[k = truth])², in 0...2.
  public let brier: Double
  /// Expected calibration error, Σ_b (n_b / N) |accuracy_b − confidence_b|, over equal-width bins
  /// of the confidence (the highest probability).
  public let expectedCalibrationError: Double
  public let bins: [Bin]

  /// The images whose confidence lies in one bin.
  public struct Bin: Codable, Hashable, Sendable {
    public let count: Int
    /// Sum of the confidences.
    public let confidence: Double
    public let correct: Int
  }

  /// - Parameter bins: the number of bins, `[b/B, (b+1)/B)`, the last with its upper edge.
  ///
  /// All figures are NaN without images, and where a probability that goes into them is not finite;
  /// an image whose confidence is not finite lies in no bin.
  ///
  /// - Precondition: `bins > 0`.
  public init(_ predictions: PredictionTable, bins: Int = MetricPolicy.standard.calibrationBins) {
    precondition(bins > 0, "calibration needs at least one bin")
    let k = predictions.classNames.count
    let floor = MetricPolicy.standard.probabilityFloor
    var counts = [Int](repeating: 0, count: bins)
    var correct = [Int](repeating: 0, count: bins)
    var confidences = [Double](repeating: 0, count: bins)
    var logLikelihood = 0.0
    var squares = 0.0
    // NaN or infinite as soon as one confidence is.
    var unbinned = 0.0
    predictions.probabilities.withUnsafeBufferPointer { probabilities in
      for row in predictions.truth.indices {
        let truth = predictions.truth[row]
        let predicted = predictions.predicted[row]
        var square = 0.0
        for c in 0..<k {
          let distance = Double(probabilities[row * k + c]) - (c == truth ? 1 : 0)
          square += distance * distance
        }
        squares += square
        logLikelihood += log(max(Double(probabilities[row * k + truth]), floor))
        let confidence = Double(probabilities[row * k + predicted])
        guard confidence.isFinite else {
          unbinned += confidence
          continue
        }
        // A Float times a small integer is exact in Double: edges are compared without rounding.
        let bin = min(Int(saturating: max(confidence, 0) * Double(bins)), bins - 1)
        counts[bin] += 1
        confidences[bin] += confidence
        if truth == predicted { correct[bin] += 1 }
      }
    }
    let n = Double(predictions.count)
    negativeLogLikelihood = -logLikelihood / n
    brier = squares / n
    let gaps = zip(correct, confidences).reduce(abs(unbinned)) { $0 + abs(Double($1.0) - $1.1) }
    expectedCalibrationError = gaps / n
    self.bins = (0..<bins).map {
      Bin(count: counts[$0], confidence: confidences[$0], correct: correct[$0])
    }
  }
}
