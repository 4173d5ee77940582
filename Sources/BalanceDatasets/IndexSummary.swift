/// What one update of the index did and found.
public struct IndexSummary: Codable, Hashable, Sendable {
  /// Images in the index now.
  public var images = 0
  /// Classes in the index now.
  public var classes = 0
  /// Files that were read and decoded.
  public var read = 0
  /// Files that had not changed and were not read again.
  public var unchanged = 0
  /// Images whose file is gone and that left the index.
  public var removed = 0
  /// Files and rows left out because something is wrong with them.
  public var skipped = 0
  /// Files and rows with something odd about them that are used all the same.
  public var warnings = 0
  /// Files that are not images and not meant to be; see `DatasetIndex.ignored()`.
  public var ignored = 0
  public var seconds = 0.0
}
