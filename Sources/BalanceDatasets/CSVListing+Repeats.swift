import BalanceCore

/// Rows that name the same file.
extension CSVListing {
  /// Sorts by path and keeps one of the rows that name the same file; where they disagree, none.
  mutating func mergeRepeats() {
    let candidates = listing.candidates
    let order = candidates.indices.sorted {
      let order = compareBytes(candidates[$0].path, candidates[$1].path)
      return order == 0 ? $0 < $1 : order < 0
    }
    listing.candidates.removeAll(keepingCapacity: true)
    var start = 0
    while start < order.count {
      let first = candidates[order[start]]
      var end = start + 1
      while end < order.count, candidates[order[end]].path.hasSameBytes(as: first.path) {
        end += 1
      }
      let rows = order[start..<end]
      let agree = rows.allSatisfy {
        candidates[$0].label == first.label && candidates[$0].group == first.group
          && candidates[$0].role == first.role
      }
      if agree { listing.candidates.append(first) }
      if rows.count > 1 {
        let places = Dictionary(grouping: rows.prefix(5)) { lines[$0].table }
          .sorted { precedesInBytes($0.key, $1.key) }
          .map { table, rows in
            "lines \(rows.map { String(lines[$0].line) }.joined(separator: ", ")) of \(table)"
          }.joined(separator: " and ")
        listing.problems.append(
          ProblemRecord(
            path: first.path, kind: agree ? .repeatedRow : .conflictingRows,
            message: "\(places) name the same file"
              + (agree ? "" : " with different classes, groups or splits"),
            remedy: agree ? "remove the repeats" : "keep the right row and remove the others"))
      }
      start = end
    }
  }
}
