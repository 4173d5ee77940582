import BalanceCore
import BalanceMetrics
import Foundation
import Testing

/// A model that has diverged says NaN.
@Suite struct NonFinitePredictionTests {
  private static func table(_ probabilities: [Float]) -> PredictionTable {
    PredictionTable(
      classNames: ["a", "b"], images: ["1", "2", "3"], groups: nil, truth: [0, 1, 1],
      probabilities: probabilities)
  }

  @Test(
    arguments: [
      [.nan, .nan, .nan, .nan, .nan, .nan], [0.9, 0.1, .nan, .nan, 0.3, 0.7],
      [0.9, 0.1, .infinity, 0, 0.3, 0.7],
    ] as [[Float]])
  func calibrationIsUndefined(probabilities: [Float]) throws {
    let table = Self.table(probabilities)
    let calibration = Calibration(table)
    #expect(!calibration.expectedCalibrationError.isFinite)
    #expect(!calibration.brier.isFinite)
    let finite = (0..<3).count { row in
      probabilities[2 * row].isFinite && probabilities[2 * row + 1].isFinite
    }
    #expect(calibration.bins.reduce(0) { $0 + $1.count } == finite)
    #expect(calibration.bins.allSatisfy { $0.confidence.isFinite })
    let evaluation = Evaluation(table, trainingCounts: nil)
    #expect(!evaluation.ece.isFinite)
    let read = try CanonicalJSON.decode(
      Evaluation.self, from: CanonicalJSON.encode(evaluation))
    #expect(!read.ece.isFinite && read.classes == evaluation.classes)
  }
}
