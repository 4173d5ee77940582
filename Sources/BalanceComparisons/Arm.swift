/// One remedy: the runs that share strategy, loss and model, and differ in the seed.
public struct Arm: Codable, Hashable, Sendable {
  /// "plain cross-entropy", "oversample", "weighted + focal:2".
  public var name: String
  public var strategy: String
  public var loss: String
  public var lossFingerprint: String
  public var model: String
  /// Ordered by seed.
  public var seeds: [SeedScores]
  public var accuracy: SeedSummary
  public var macroF1: SeedSummary
  /// Σ π_c · recall_c with the training shares π.
  public var priorWeightedAccuracy: SeedSummary
  /// Mean over the seeds, nil unless every run has validation predictions.
  public var validationMacroF1: Double?
  /// In class order.
  public var classes: [ClassEstimate]
  /// Mean F1 over the classes of each band.
  public var bands: [Estimate]
  /// Summed over seeds.
  public var confusion: SparseConfusion
  public var calibration: ArmCalibration
  /// Against `difference.reference`; nil for a reference, and for an arm that shares no seed.
  public var difference: ArmDifference?
}

/// The scores of one run on the test images.
public struct SeedScores: Codable, Hashable, Sendable {
  public var seed: UInt64
  /// The run's name.
  public var run: String
  public var accuracy: Double
  public var macroF1: Double
  public var priorWeightedAccuracy: Double
  /// On the validation images, nil without.
  public var validationMacroF1: Double?
  /// Top-label expected calibration error.
  public var expectedCalibrationError: Double
}

/// One class in one arm: means over seeds, with intervals over seeds and test images.
public struct ClassEstimate: Codable, Hashable, Sendable {
  public var f1: Estimate
  public var recall: Estimate
}

/// A confusion matrix without its zeros: `cells` holds (truth, predicted, count) triples, row by
/// row, so that a thousand classes stay small.
public struct SparseConfusion: Codable, Hashable, Sendable {
  public var classCount: Int
  public var cells: [Int]

  init(classCount: Int, truth: [Int32], predictions: [[Int32]]) {
    var counts: [Int: Int] = [:]
    for predicted in predictions {
      for (truth, predicted) in zip(truth, predicted) {
        counts[Int(truth) * classCount + Int(predicted), default: 0] += 1
      }
    }
    self.classCount = classCount
    cells = counts.sorted { $0.key < $1.key }
      .flatMap { [$0.key / classCount, $0.key % classCount, $0.value] }
  }

  /// The full matrix, row-major, `[truth, predicted]`.
  public var dense: [Int] {
    var matrix = [Int](repeating: 0, count: classCount * classCount)
    for index in stride(from: 0, to: cells.count, by: 3) {
      matrix[cells[index] * classCount + cells[index + 1]] = cells[index + 2]
    }
    return matrix
  }
}
