public import BalanceDatasets
public import BalanceTraining

/// What an experiment compares, on what data, under which common settings.
///
/// The arms are strategies × losses, and what `arms` lists besides; every arm is trained with every
/// seed, or with its own ones, under the same settings, for the same number of optimizer steps.
public struct ExperimentManifest: Hashable, Sendable {
  /// One remedy: what it changes in the common settings.
  public struct ListedArm: Hashable, Sendable {
    /// Settings by name, in the order given.
    public var settings: [GivenSetting]
    /// Instead of the manifest's seeds; nil for those.
    public var seeds: [UInt64]?

    public init(settings: [GivenSetting], seeds: [UInt64]? = nil) {
      self.settings = settings
      self.seeds = seeds
    }
  }

  public struct GivenSetting: Hashable, Sendable {
    public var name: String
    public var text: String

    public init(_ name: String, _ text: String) {
      self.name = name
      self.text = text
    }
  }

  /// The dataset and its split.
  public struct DataSection: Hashable, Sendable {
    /// The dataset's folder.
    public var root: String
    /// Where images and labels come from, where that is said.
    public var source: DatasetSource?
    /// Which folder names the class, where that is said of folders.
    public var classDepth: Int?
    /// What in the images' paths names their groups.
    public var groups: PathPattern?
    /// The name of the split; nil for the default one.
    public var split: String?
    /// The split to make where the dataset has none.
    public var newSplit: SplitRequest?
    public var allowLeak = false

    public init(root: String) { self.root = root }
  }

  public var name: String
  public var data: DataSection
  /// Settings that all runs share.
  public var training: TrainingConfiguration
  public var strategies: [String]
  /// `LOSS` or `LOSS+CLASSWEIGHTS`.
  public var losses: [String]
  public var arms: [ListedArm]
  public var seeds: [UInt64]

  public init(
    name: String, data: DataSection, training: TrainingConfiguration, strategies: [String],
    losses: [String], arms: [ListedArm] = [], seeds: [UInt64]
  ) {
    self.name = name
    self.data = data
    self.training = training
    self.strategies = strategies
    self.losses = losses
    self.arms = arms
    self.seeds = seeds
  }
}
