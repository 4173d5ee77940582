public import BalanceCore

/// What several runs on one dataset say about the remedies that they tried.
///
/// Runs are grouped into arms (strategy × loss × model) whose seeds are averaged. Every arm is set
/// against plain cross-entropy, seed by seed and image by image. Intervals cover
/// `options.coverage` of a paired bootstrap over seeds and test images. Everything a report shows
/// is here, and nothing here needs a file.
public struct Comparison: Codable, Hashable, Sendable {
  public var options: ComparisonOptions
  public var data: DataSummary
  /// What may invalidate or limit the comparison, gravest first.
  public var alerts: [Alert]
  /// Bands of classes by training images; empty for fewer than three classes.
  public var bands: [SupportBand]
  /// Plain cross-entropy first where there is such an arm, then in the order of the runs.
  public var arms: [Arm]
  /// Position in `arms` of what everything is compared with.
  public var baseline: Int
  /// Why that arm is the baseline, in a sentence.
  public var baselineReason: String
  public var ranking: Ranking
  /// Accuracy beside macro F1 for the baseline: what accuracy hides.
  public var gap: Gap
  /// The result in at most 60 words.
  public var verdict: String
  /// The runs, in the order of the arms and then of the seeds.
  public var runs: [RunRecord]
  /// Runs that are in no figure since they diverged, in the order given.
  public var diverged: [DivergedRun]
  /// The settings in which runs differ, other than strategy, loss and seed, by name.
  public var differingSettings: [SettingDifference]
}

extension Comparison {
  /// What the runs were trained on and asked.
  public struct DataSummary: Codable, Hashable, Sendable {
    public var trainingCounts: ClassCounts
    public var testCounts: ClassCounts
    /// n_max / n_min over the classes with training images.
    public var imbalanceRatio: Double
    /// Groups among the test images, nil where the dataset has none. Where there are groups they
    /// are resampled whole.
    public var testGroups: Int?
    /// Whether the class shares of the test images differ from those of the training images by a
    /// total variation distance above 0.05, as in a test set that is balanced by design.
    public var testSharesDiffer: Bool
  }

  /// The figure that misleads beside the one that tells.
  public struct Gap: Codable, Hashable, Sendable {
    /// Accuracy at the data's own class frequencies where the test set has others, else accuracy.
    public var accuracy: SeedSummary
    public var macroF1: SeedSummary
    /// accuracy − macro F1.
    public var difference: Double
    /// "accuracy at the data's own class frequencies" or "accuracy".
    public var accuracyName: String
  }

  /// A setting whose value is not the same in all runs: values by arm.
  public struct SettingDifference: Codable, Hashable, Sendable {
    public var name: String
    /// The distinct values of each arm's runs, in the order of the arms.
    public var values: [[String]]
  }

  /// Something that a reader has to know before the figures.
  public struct Alert: Codable, Hashable, Sendable {
    public enum Level: String, Codable, Hashable, Sendable, CaseIterable {
      /// The runs must not be ranked: they differ in more than the remedy, or the data leaks.
      case invalidating
      case warning
      case note
    }

    public var level: Level
    public var title: String
    /// What was found and what to do about it.
    public var detail: String

    public init(level: Level, title: String, detail: String) {
      self.level = level
      self.title = title
      self.detail = detail
    }
  }

  /// Whether any arm has more than one seed, so that intervals cover the variation over seeds.
  public var hasSeveralSeeds: Bool { arms.contains { $0.seeds.count > 1 } }

  /// What the intervals are over, in words.
  public var intervalBasis: String {
    hasSeveralSeeds ? "seeds and test images" : "test images (one seed)"
  }

  /// Whether the arms may be ranked at all.
  public var isValid: Bool { !alerts.contains { $0.level == .invalidating } }

  /// The accuracy of an arm at the data's own class frequencies (see `Gap.accuracy`).
  public func headlineAccuracy(_ arm: Arm) -> SeedSummary {
    data.testSharesDiffer ? arm.priorWeightedAccuracy : arm.accuracy
  }

  /// The difference in that accuracy to the reference, nil for the reference itself.
  public func headlineAccuracyDifference(_ arm: Arm) -> Difference? {
    guard let difference = arm.difference else { return nil }
    return data.testSharesDiffer ? difference.priorWeightedAccuracy : difference.accuracy
  }
}
