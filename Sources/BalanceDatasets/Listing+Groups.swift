import BalanceCore

extension Listing {
  /// Gives every image the group that its path names. Those that a pattern does not match stay
  /// without one, which is recorded.
  ///
  /// - Throws: `BalanceError` with code `data` where it matches none.
  mutating func group(by pattern: PathPattern) throws(BalanceError) {
    var spellings = NameSpellings()
    var others: [String] = []
    for position in candidates.indices {
      let path = candidates[position].path
      guard let written = pattern.match(path)?.group, let name = CanonicalName(written)?.text else {
        others.append(path)
        continue
      }
      spellings.add(written, for: name)
      candidates[position].group = name
    }
    if let problem = spellings.problem(.groupSpellings, of: "group") { problems.append(problem) }
    guard let example = others.first else { return }
    guard others.count < candidates.count else {
      throw BalanceError(
        .data, "no image's path matches, such as \(example.debugDescription)",
        at: "--group-pattern '\(pattern.text)'",
        remedy: "write the path as seen from the dataset's folder, with {group} for the group")
    }
    problems.append(
      ProblemRecord(
        path: example, kind: .ungrouped,
        message: "\(others.count) of \(candidates.count) images are in no group, such as "
          + "'\(example)', which '\(pattern.text)' does not match",
        remedy: "if they belong to groups, choose another --group-pattern: else a split may "
          + "separate them"))
  }
}
