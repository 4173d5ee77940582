import BalanceCore

extension Listing {
  /// Classes, and groups, whose names look alike: each kind in one record.
  func lookAlikes() -> [ProblemRecord] {
    var classes: Set<String> = []
    var groups: Set<String> = []
    var last: String?
    for candidate in candidates {
      if candidate.label != last { classes.insert(candidate.label) }
      last = candidate.label
      if let group = candidate.group { groups.insert(group) }
    }
    return [
      Self.lookAlikes(
        classes, .lookAlikes, "the classes",
        "if they are one class, give it one name in the folders or the table"),
      Self.lookAlikes(
        groups, .groupLookAlikes, "the groups",
        "if they are one group, give it one name in the table: else a split may separate it"),
    ].compactMap { $0 }
  }

  private static func lookAlikes(
    _ names: Set<String>, _ kind: ProblemKind, _ noun: String, _ remedy: String
  ) -> ProblemRecord? {
    let alike = Dictionary(grouping: names) { CanonicalName($0)?.likeness ?? $0 }.values
      .filter { $0.count > 1 }
      .map { $0.sorted(by: precedesInBytes) }
      .sorted { precedesInBytes($0[0], $1[0]) }
    guard let first = alike.first else { return nil }
    let sets = alike.prefix(5).map { names in
      names.prefix(6).map(quoted).joined(separator: " and ")
    }.joined(separator: "; ")
    let more = alike.count > 5 ? "; and \(alike.count - 5) more" : ""
    return ProblemRecord(
      path: first[0], kind: kind, message: "\(noun) look alike: \(sets)\(more)", remedy: remedy)
  }

  /// A blank other than the usual one is seen by its number only.
  private static func quoted(_ name: String) -> String {
    let isPlain = name.unicodeScalars.allSatisfy { $0 == " " || !$0.properties.isWhitespace }
    return isPlain ? "'\(name)'" : NameSpellings.visible(name)
  }
}
