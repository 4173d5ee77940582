import BalanceCore
import GRDB

extension Database {
  /// Keeps the split that the source itself brings, under the default name; a generated split of
  /// that name gives way, since folders and columns say what the dataset's makers meant.
  ///
  /// - Returns: what the user should know of a split that is gone; nil where none is.
  func importSplit(of source: DatasetSource) throws -> String? {
    let origin = source.listing.splitOrigin
    let rows = try Row.fetchCursor(
      self,
      sql: """
        SELECT path, source_role FROM image WHERE source_role IS NOT NULL ORDER BY path
        """)
    let members = try DatasetIndex.members(rows)
    let hash = DatasetIndex.splitHash(members)
    let known = try String.fetchOne(
      self, sql: "SELECT hash FROM split WHERE origin = ?", arguments: [origin?.rawValue])
    if known == hash && !members.isEmpty { return nil }
    let name = DatasetIndex.defaultSplit
    try execute(sql: "DELETE FROM split WHERE origin <> 'generated'")
    guard let origin, !members.isEmpty else {
      guard changesCount > 0 else { return nil }
      return "the split '\(name)' is gone: the dataset brings none any more"
    }
    try execute(sql: "DELETE FROM split WHERE name = ?", arguments: [name])
    let givesWay = changesCount > 0
    try execute(
      sql: """
        INSERT INTO split (name, origin, hash, members, created)
        VALUES (?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ'))
        """, arguments: [name, origin.rawValue, hash, members.count])
    try execute(
      sql: """
        INSERT INTO split_member (split_id, path, role)
        SELECT ?, path, source_role FROM image WHERE source_role IS NOT NULL
        """, arguments: [lastInsertedRowID])
    return givesWay
      ? "the split '\(name)' that 'balance split' had made gives way to the dataset's own; one with "
        + "another --name stays" : nil
  }

  /// Drops splits that nobody asked for and that were made for another source.
  ///
  /// - Returns: what the user should know of each.
  func dropAutomaticSplits(notFor source: DatasetSource) throws -> [String] {
    let rows = try Row.fetchAll(self, sql: "SELECT name, specification FROM split WHERE automatic")
    var notes: [String] = []
    for row in rows {
      let name: String = try row.decode(atIndex: 0)
      let specification: String? = try row.decode(atIndex: 1)
      guard let former = try specification.flatMap({ try source.other(than: $0) }) else { continue }
      try execute(sql: "DELETE FROM split WHERE name = ?", arguments: [name])
      notes.append(
        "the split '\(name)', which nobody had asked for, is gone, since it was made when the "
          + "dataset was read otherwise (\(former.summary)); what needs a split makes it again")
    }
    return notes
  }
}
