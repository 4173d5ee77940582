public import BalanceCore
public import BalanceDatasets
import Foundation

/// What can be said of a dataset before anything is trained on it.
public struct DatasetAnalysis: Codable, Hashable, Sendable {
  /// Files with the same pixels.
  public struct Duplicates: Codable, Hashable, Sendable {
    /// Pictures that more than one file has.
    public let sets: Int
    /// Files in these sets.
    public let images: Int
    /// Every set, in the order of the contents' hashes.
    public let files: [DuplicateSet]
    /// Sets whose files are in different classes.
    public let conflicting: [DuplicateSet]
    /// Pictures that are in more than one role of the split.
    public let acrossRoles: [Leak]
  }

  /// Groups: images of one patient, lesion, recording.
  public struct Groups: Codable, Hashable, Sendable {
    public let count: Int
    /// Images that belong to one.
    public let images: Int
    /// Groups that are in more than one role of the split.
    public let acrossRoles: [Leak]
  }

  /// The dataset's folder.
  public let root: String
  /// The index's file.
  public let index: String
  public let source: DatasetSource?
  /// All images, in a split or not.
  public let counts: ClassCounts
  public let measures: ImbalanceMeasures
  /// The split that is looked at; nil where there is none.
  public let split: SplitRecord?
  /// Measures of the split's training images.
  public let trainingMeasures: ImbalanceMeasures?
  public let groups: Groups?
  public let duplicates: Duplicates
  public let problems: [ProblemRecord]
  /// Of the 16-bit images; nil where there are none.
  public let wideValues: WideValues?
  /// Files that are neither images nor meant to be, the most frequent category first.
  public let ignored: [IgnoredFiles]
  /// What deserves attention, in words, gravest first.
  public let warnings: [String]

  /// - Parameter split: nil looks at the default split where there is one.
  /// - Throws: `BalanceError` with code `usage` where a split is named that is not there.
  public init(index: DatasetIndex, split name: String? = nil) throws(BalanceError) {
    let splits = try index.splits()
    let split =
      try name.map { name throws(BalanceError) in try index.split(named: name) }
      ?? splits.first { $0.name == DatasetIndex.defaultSplit }
    var leaks: [Leak] = []
    if let split { leaks = try index.leaks(split: split.name) }
    let sets = try index.duplicates()
    let groupCount = try index.groupCount()

    root = index.root.path
    self.index = index.location.path
    source = try index.source()
    counts = try index.counts()
    measures = ImbalanceMeasures(counts)
    self.split = split
    trainingMeasures = split?.counts(.train).map { ImbalanceMeasures($0) }
    groups =
      groupCount == 0
      ? nil
      : Groups(
        count: groupCount, images: try index.groupedImages(),
        acrossRoles: leaks.filter { $0.kind == .group })
    duplicates = Duplicates(
      sets: sets.count, images: sets.reduce(0) { $0 + $1.paths.count }, files: sets,
      conflicting: sets.filter(\.isConflicting),
      acrossRoles: leaks.filter { $0.kind == .duplicate })
    problems = try index.problems()
    wideValues = try index.wideValues()
    ignored = try index.ignored()
    warnings =
      AnalysisWarnings(
        root: index.root, counts: counts, measures: measures, split: split, groups: groups,
        duplicates: duplicates, problems: problems, wideValues: wideValues
      ).all
  }
}
