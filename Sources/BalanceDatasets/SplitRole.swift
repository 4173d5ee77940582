import BalanceCore

/// The part that an image plays in a split.
public enum SplitRole: String, Codable, CaseIterable, Hashable, Sendable {
  case train, val, test

  /// The role that a folder or a value of a split column names, in any case, blanks at the ends
  /// apart: one of `words`, alone or with one of `nouns` behind (`training_set`, `TestData`).
  /// Otherwise nil.
  public init?(naming word: String) {
    guard let role = Self.bare(word).flatMap({ Self.words[$0] }) else { return nil }
    self = role
  }

  /// The role that one of the name's words names: `seg_test`, `TRAIN2017`.
  init?(hintedBy name: String) {
    let roles = name.letterRuns.lazy.compactMap { $0 == "eval" ? .val : SplitRole(naming: $0) }
    guard let role = roles.first else { return nil }
    self = role
  }

  /// The roles of folders that are side by side; nil where a name says none. What is called
  /// `eval` is for the test, but for validation where another folder is the test.
  static func naming(folders: [String]) -> [SplitRole?] {
    let plain = folders.map { SplitRole(naming: $0) }
    let evaluation = plain.contains(.test) ? SplitRole.val : .test
    return zip(folders, plain).map { name, role in
      role ?? (bare(name).map(Self.evaluations.contains) == true ? evaluation : nil)
    }
  }

  private static let words: [String: SplitRole] = [
    "train": .train, "training": .train,
    "val": .val, "valid": .val, "validation": .val, "dev": .val,
    "test": .test, "testing": .test,
  ]
  private static let evaluations: Set = ["eval", "evaluation"]
  private static let nouns = ["dataset", "data", "folder", "images", "imgs", "set", "split"]

  /// In lower case, without the noun behind; nil where nothing is left.
  private static func bare(_ word: String) -> String? {
    guard let text = CanonicalName(word)?.text.lowercased() else { return nil }
    guard let noun = nouns.first(where: { text.hasByteSuffix($0) }) else { return text }
    let separators = Array("_- ".utf8)
    var rest = text.utf8.dropLast(noun.utf8.count)
    while let last = rest.last, separators.contains(last) { rest.removeLast() }
    return rest.isEmpty ? text : String(Substring(rest))
  }
}
