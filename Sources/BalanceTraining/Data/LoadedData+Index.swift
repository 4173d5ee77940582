public import BalanceCore
public import BalanceDatasets
import BalanceTensors

extension LoadedData {
  /// The pixels of an index's images that a configuration needs, kept beside the index; says what
  /// was noted of the split.
  ///
  /// - Parameters:
  ///   - split: the split's name; nil for the default one, which is made where there is none.
  ///   - allowLeak: whether a split that groups or equal files cross is let through.
  /// - Throws: as `TrainingData` and `init(_:configuration:cacheFolder:threads:progress:)`.
  public init(
    _ index: DatasetIndex, configuration: TrainingConfiguration, split: String? = nil,
    allowLeak: Bool = false, progress: any ProgressReporter = SilentProgress()
  ) throws {
    if split == nil, let note = try index.provideDefaultSplit() { progress.note("note: \(note)") }
    let data = try TrainingData(index, split: split, allowLeak: allowLeak)
    for note in data.notes { progress.note("note: \(note)") }
    try self.init(
      data, configuration: configuration, cacheFolder: index.cacheFolder,
      threads: configuration.threadCount, progress: progress)
  }
}

extension TrainingConfiguration {
  /// The threads to use, 0 being all cores.
  public var threadCount: Int { threads == 0 ? ComputePool.availableCores : threads }
}
