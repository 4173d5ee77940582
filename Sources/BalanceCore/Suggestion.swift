/// Spelling help for names that a user types.
public enum Suggestion {
  /// The candidate nearest to `word` by edit distance with transpositions, if it is near enough
  /// to be what was meant: at most a third of the word's length, and at least one edit.
  public static func nearest(to word: String, in candidates: [String]) -> String? {
    let limit = max(1, word.count / 3)
    let scored = candidates.map { ($0, distance(word.lowercased(), $0.lowercased())) }
    return scored.filter { $0.1 <= limit }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
  }

  /// `unknown loss 'focl': did you mean 'focal'?`, or the list of what there is.
  public static func unknown(_ kind: String, _ word: String, among candidates: [String])
    -> BalanceError
  {
    let list = candidates.joined(separator: ", ")
    if let near = nearest(to: word, in: candidates) {
      return BalanceError(
        .usage, "unknown \(kind) '\(word)': did you mean '\(near)'?", remedy: "there are: \(list)")
    }
    return BalanceError(.usage, "unknown \(kind) '\(word)'", remedy: "there are: \(list)")
  }

  /// The optimal string alignment distance: insertions, deletions, substitutions and swaps of
  /// neighbours each count one.
  package static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        let substitution = rows[i][j] + (a[i] == b[j] ? 0 : 1)
        var best = min(substitution, rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, rows[i - 1][j - 1] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
