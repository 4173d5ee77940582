public import BalanceDatasets

/// Which images of a dataset a run is evaluated on.
public enum EvaluatedPart: Hashable, Sendable {
  /// The test images of the very data that the run was trained on; others are refused.
  case ownTest
  /// Those of a split, in one role or in any. Nil for the split's name means the run's own split,
  /// where the dataset has one of that name, else the default one.
  case split(String?, role: SplitRole?)
  /// All, whatever split they are in.
  case all
}
