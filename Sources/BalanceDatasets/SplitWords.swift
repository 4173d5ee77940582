import BalanceCore

/// The words in a split column, and how many rows have each.
struct SplitWords {
  private var counts: [String: Int] = [:]
  private var empty = 0
  /// Words that errors list.
  private static let listed = 10

  /// The role that a cell names; nil for an empty cell, and for a word that `validate` refuses.
  mutating func role(_ cell: String) -> SplitRole? {
    guard let word = CanonicalName(cell)?.text else {
      empty += 1
      return nil
    }
    counts[word, default: 0] += 1
    return SplitRole(naming: word)
  }

  /// - Throws: `BalanceError` with code `data` where a word names no role, or every cell is empty:
  ///   the split that the column should give is not the one that would be used.
  func validate(column: String, table: String) throws(BalanceError) {
    let unknown = counts.keys.filter { SplitRole(naming: $0) == nil }
    guard unknown.isEmpty else {
      let known = counts.keys.filter { SplitRole(naming: $0) != nil }
      let beside = known.isEmpty ? "" : ", beside \(list(known))"
      throw BalanceError(
        .data,
        "the split column '\(column)' has words that are neither train nor val nor test: "
          + list(unknown) + beside,
        at: table,
        remedy: "write train, val or test (or training, valid, validation, dev, testing), or "
          + "nothing for images of no part")
    }
    guard !counts.isEmpty || empty == 0 else {
      throw BalanceError(
        .data, "the split column '\(column)' is empty in every row", at: table,
        remedy: "choose another with --split-column, or none to have a split made")
    }
  }

  /// `'development' (30 rows), 'held out' (1 row)`, the most frequent first.
  private func list(_ words: [String]) -> String {
    let sorted = words.sorted { (-(counts[$0] ?? 0), $0) < (-(counts[$1] ?? 0), $1) }
    let shown = sorted.prefix(Self.listed).map { word in
      let rows = counts[word] ?? 0
      return "'\(word)' (\(NumberText.counted(rows, "row")))"
    }.joined(separator: ", ")
    return sorted.count > Self.listed
      ? "\(shown) and \(sorted.count - Self.listed) more words" : shown
  }
}
