public import BalanceCore
import GRDB

extension DatasetIndex {
  /// The files that are neither images nor meant to be, the most frequent category first.
  public func ignored() throws(BalanceError) -> [IgnoredFiles] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT category, files, example FROM ignored ORDER BY files DESC, category"
      ).map { row in
        IgnoredFiles(
          category: try row.decode(atIndex: 0), count: try row.decode(atIndex: 1),
          example: try row.decode(atIndex: 2))
      }
    }
  }
}

extension Database {
  func replaceIgnored(_ files: [IgnoredFiles]) throws {
    try execute(sql: "DELETE FROM ignored")
    for group in files {
      try cachedExecute(
        "INSERT INTO ignored (category, files, example) VALUES (?, ?, ?)",
        [group.category, group.count, group.example])
    }
  }
}
