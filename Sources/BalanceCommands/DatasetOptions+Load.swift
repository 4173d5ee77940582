import BalanceCore
import Training

extension DatasetOptions {
  /// The dataset's images as pixels, ready to train on; says what was noted of the split.
  func load(
    _ configuration: TrainingConfiguration, split: String?, allowLeak: Bool,
    progress: TerminalProgress
  ) throws -> LoadedData {
    let index = try prepare(threads: configuration.threadCount, progress: progress)
    let data = try TrainingData(index, split: split, allowLeak: allowLeak)
    for note in data.notes { progress.note("note: \(note)") }
    return try LoadedData(
      data, configuration: configuration, cacheFolder: index.cacheFolder,
      threads: configuration.threadCount, progress: progress)
  }
}
