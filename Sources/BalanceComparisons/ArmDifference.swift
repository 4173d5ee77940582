/// What an arm won and lost against its reference, over the seeds that both have.
public struct ArmDifference: Codable, Hashable, Sendable {
  /// Position of the reference in `Comparison.arms`: plain cross-entropy of the same model where
  /// there is one, else the baseline.
  public var reference: Int
  public var perSeed: [SeedDifference]
  public var macroF1: Difference
  public var accuracy: Difference
  public var priorWeightedAccuracy: Difference
  /// On the macro F1 differences of the shared seeds.
  public var signFlip: SignFlipTest
  /// The sign-flip p-value, adjusted by Holm over the arms.
  public var signFlipHolm: Double
  /// The bootstrap p-value of the macro F1 difference, adjusted by Holm over the arms.
  public var bootstrapHolm: Double
  /// In class order.
  public var classes: [ClassDifference]
  /// Mean F1 of each band.
  public var bands: [Difference]
  /// Confusions whose rate changed most, at most `ConfusionChange.limit`.
  public var confusions: [ConfusionChange]
  /// Share of the macro F1 difference that comes from classes with too few test images to be
  /// judged one by one; nil where the difference is practically nothing or the signs disagree.
  public var shareFromThinClasses: Double?
}

/// A mean difference (arm − reference) over the shared seeds.
public struct Difference: Codable, Hashable, Sendable {
  public var mean: Double
  /// Paired bootstrap over seeds and test images.
  public var interval: Interval
  /// Two-sided, from the same bootstrap.
  public var pValue: Double
  /// Test images behind the difference, not counted once more for each seed.
  public var testImages: Int
  public var verdict: Verdict

  /// The verdict in words.
  public var words: String { verdict.words(interval: interval, testImages: testImages) }
}

/// The difference of one pair of runs.
public struct SeedDifference: Codable, Hashable, Sendable {
  public var seed: UInt64
  public var macroF1: Double
  public var accuracy: Double
  public var priorWeightedAccuracy: Double
}

/// The difference in one class.
public struct ClassDifference: Codable, Hashable, Sendable {
  public var f1: Difference
  public var recall: Difference
  /// The p-value of the F1 difference, adjusted by Benjamini and Hochberg over the arm's judged
  /// classes; nil for a class that is not judged.
  public var adjustedP: Double?
}
