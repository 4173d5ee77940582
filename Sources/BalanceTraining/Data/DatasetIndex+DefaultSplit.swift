public import BalanceCore
public import BalanceDatasets
import Foundation

extension DatasetIndex {
  /// Makes the default split where there is none: 15 % of the images for validation and 15 % for
  /// the test, seed 0. It gives way where the dataset is read in another way later.
  ///
  /// - Returns: a sentence on the split that was made; nil where there is one.
  /// - Throws: `BalanceError` with code `data` where the dataset brings a split of its own, of
  ///   which no image can be used; and as `makeSplit`.
  public func provideDefaultSplit() throws(BalanceError) -> String? {
    try requireTrainable()
    guard try !hasDefaultSplit() else { return nil }
    if let source = try source(), source.bringsSplit { throw lacksSplit(of: source) }
    _ = try makeSplit(SplitRequest(val: 0.15, test: 0.15, seed: 0), isAutomatic: true)
    return
      "the dataset had no split: made one with 15 % for validation and 15 % for the test, seed 0"
  }

  func hasDefaultSplit() throws(BalanceError) -> Bool {
    try splits().contains { $0.name == DatasetIndex.defaultSplit }
  }

  /// That there is no default split, and how to get one.
  func lacksSplit() -> BalanceError {
    if let source = try? source(), source.bringsSplit { return lacksSplit(of: source) }
    return BalanceError(
      .data, "has no split yet", at: root.path,
      remedy: "make one: balance split \(ShellText.word(root.relativePath))")
  }

  /// A split that the dataset brings must not give way to one that is drawn.
  private func lacksSplit(of source: DatasetSource) -> BalanceError {
    BalanceError(
      .data, "no image that can be used has a part in the dataset's own split (\(source.summary))",
      at: root.path,
      remedy: "see 'balance analyze' for what is wrong with its files, or make another split with "
        + "'balance split'")
  }
}
