import BalanceCore
import BalanceDatasets

extension Experiment {
  /// Makes the manifest's split where there is none of its name; says so where there is another.
  func provide(
    _ request: SplitRequest, _ index: DatasetIndex, _ progress: any ProgressReporter
  ) throws(BalanceError) {
    guard let there = try index.splits().first(where: { $0.name == request.name }) else {
      _ = try index.makeSplit(request)
      return progress.note("made the split '\(request.name)', seed \(request.seed)")
    }
    guard there.origin == .generated else {
      return progress.note(
        "note: the dataset brings the split '\(there.name)' itself; the manifest's new-split is not "
          + "made")
    }
    if there.seed != request.seed || there.val != request.val || there.test != request.test
      || there.keepsTest != request.keepsTest
    {
      progress.note(
        "warning: the split '\(there.name)' was made with other settings than the manifest's "
          + "new-split, and is taken as it is; give the manifest's another name with data: split:, or "
          + "make it again with 'balance split'")
    }
  }
}
