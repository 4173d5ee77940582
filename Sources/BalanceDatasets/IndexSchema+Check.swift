import BalanceCore
import Foundation
import GRDB
import Synchronization

extension IndexSchema {
  /// Up to this size an opened index is checked in full, which takes half a second there; above,
  /// all but the agreement of its look-up tables with its rows, a second for a million images.
  private static let fullCheckLimit = 32 << 20

  /// Whether a database is an index that is up to date; false where it must be migrated first.
  ///
  /// Only what this program's migrations make may be in it: a view or a trigger of somebody
  /// else's would run with every statement.
  ///
  /// - Throws: `BalanceError` with code `data`; otherwise what the database throws.
  static func check(_ db: Database, at location: URL) throws -> Bool {
    // Before anything else is asked, so that nothing of a crafted schema runs.
    let found = try SchemaObject.all(db)
    guard !found.isEmpty else { return false }
    let applied = try appliedMigrations(db, found, at: location)
    let expected = try objects(of: applied)
    guard found == expected else {
      let added = found.subtracting(expected).map(\.summary).min().map { "holds the \($0)" }
      let missing = expected.subtracting(found).map(\.summary).min().map { "lacks the \($0)" }
      throw damaged("it \(added ?? missing ?? "") otherwise than balance makes it", location)
    }
    try refuseDamage(db, at: location)
    return applied.count == migrations.count
  }

  /// The migrations that the database says it has behind it.
  private static func appliedMigrations(
    _ db: Database, _ found: Set<SchemaObject>, at location: URL
  ) throws -> Set<String> {
    let record = "grdb_migrations"
    let oldest = try objects(of: [migrations[0].name])
    guard let table = oldest.first(where: { $0.name == record }), found.contains(table) else {
      throw damaged("it lacks the record of its versions", location)
    }
    let applied = try Set(
      String.fetchAll(db, sql: "SELECT identifier FROM \(record) LIMIT 1000"))
    guard applied.isSubset(of: migrations.map(\.name)) else {
      throw BalanceError(
        .data, "was written by a newer version of balance", at: location.path,
        remedy: "update balance, or delete the index and make it again")
    }
    return applied
  }

  /// What these migrations make: they run in memory, once a process.
  private static func objects(of names: Set<String>) throws -> Set<SchemaObject> {
    try made.withLock { made in
      if let known = made[names] { return known }
      let objects = try DatabaseQueue.once(nil) { queue in
        try migrator(where: names.contains).migrate(queue)
        return try queue.read { db in try SchemaObject.all(db) }
      }
      made[names] = objects
      return objects
    }
  }

  private static let made = Mutex<[Set<String>: Set<SchemaObject>]>([:])

  private static func refuseDamage(_ db: Database, at location: URL) throws {
    let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
    let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
    let check =
      pages <= fullCheckLimit / max(1, pageSize) ? "integrity_check(1)" : "quick_check(1)"
    let verdict = try String.fetchOne(db, sql: "PRAGMA \(check)") ?? "no verdict"
    guard verdict == "ok" else {
      let lines = verdict.split(whereSeparator: \.isNewline)
      throw damaged(lines.last.map(String.init) ?? "", location)
    }
    guard try Row.fetchOne(db, sql: "PRAGMA foreign_key_check") == nil else {
      throw damaged("a row refers to one that is not there", location)
    }
  }

  /// Only what is a database at all may have been ours.
  static func damaged(_ reason: String, _ location: URL) -> BalanceError {
    let isDatabase = (try? MappedFile(location))?.starts(with: "SQLite format 3\0".utf8) ?? false
    return BalanceError(
      .data, "is not an index, or a damaged one (\(reason))", at: location.path,
      remedy: isDatabase
        ? "delete the file and index again, or choose another with --index FILE"
        : "choose another place with --index FILE")
  }
}

/// A table, look-up table, view or trigger, and the statement that makes it.
private struct SchemaObject: Hashable {
  let kind: String
  let name: String
  /// Without comments, and with single blanks: both may change from version to version.
  let statement: String

  var summary: String { "\(kind) \(name.debugDescription)" }

  static func all(_ db: Database) throws -> Set<SchemaObject> {
    try Set(
      Row.fetchAll(db, sql: "SELECT type, name, sql FROM sqlite_schema").map { row in
        let statement: String? = try row.decode(atIndex: 2)
        return SchemaObject(
          kind: try row.decode(atIndex: 0), name: try row.decode(atIndex: 1),
          statement: plain(statement ?? ""))
      })
  }

  private static func plain(_ statement: String) -> String {
    statement.split(whereSeparator: \.isNewline)
      .map { line in line.range(of: "--").map { line[..<$0.lowerBound] } ?? line }
      .flatMap { $0.split(whereSeparator: \.isWhitespace) }
      .joined(separator: " ")
  }
}
