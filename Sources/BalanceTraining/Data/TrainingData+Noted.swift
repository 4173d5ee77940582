public import BalanceCore
public import BalanceDatasets

extension TrainingData {
  /// Reads an index, with a default split where there is none; says what is to be said of the
  /// split.
  ///
  /// - Parameter split: the split's name; nil for the default one, which is made where there is
  ///   none.
  /// - Throws: as `init(_:split:allowLeak:)`.
  public init(
    _ index: DatasetIndex, split: String?, allowLeak: Bool, progress: any ProgressReporter
  ) throws {
    if split == nil, let note = try index.provideDefaultSplit() { progress.note("note: \(note)") }
    try self.init(index, split: split, allowLeak: allowLeak)
    for note in notes { progress.note("note: \(note)") }
  }
}
