import BalanceCore

/// The part that an image plays in a split.
public enum SplitRole: String, Codable, CaseIterable, Hashable, Sendable {
  case train, val, test

  /// The role that a folder or a value of a split column names, in any case, blanks at the ends
  /// apart: `train` and
  /// `training`; `val`, `valid`, `validation` and `dev`; `test` and `testing`. Otherwise nil.
  public init?(naming word: String) {
    switch CanonicalName(word)?.text.lowercased() {
    case "train", "training": self = .train
    case "val", "valid", "validation", "dev": self = .val
    case "test", "testing": self = .test
    default: return nil
    }
  }
}
