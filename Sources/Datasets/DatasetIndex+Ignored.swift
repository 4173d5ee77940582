public import BalanceCore
import GRDB

extension DatasetIndex {
  /// The files that are neither images nor meant to be, the most frequent category first.
  public func ignored() throws(BalanceError) -> [IgnoredFiles] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT category, files, example FROM ignored ORDER BY files DESC, category"
      ).map { IgnoredFiles(category: $0[0], count: $0[1], example: $0[2]) }
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
