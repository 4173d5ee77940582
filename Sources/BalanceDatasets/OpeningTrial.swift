import BalanceCore
import GRDB
import GRDBSQLite

/// A connection without GRDB, which finds out whether GRDB can open a database: it does beforehand
/// what may fail there. While it lives, the file stays as it left it.
final class OpeningTrial {
  private var connection: OpaquePointer?

  /// - Throws: `DatabaseError`, as GRDB would.
  init(_ path: String, _ configuration: Configuration) throws {
    let flags =
      configuration.readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    try check(sqlite3_open_v2(path, &connection, flags, nil))
    if case .timeout(let seconds) = configuration.busyMode {
      sqlite3_busy_timeout(connection, CInt(clamping: Int(saturating: seconds * 1000)))
    }
    try run("SELECT * FROM sqlite_schema LIMIT 1")
    if case .wal = configuration.journalMode { try run("PRAGMA journal_mode = WAL") }
  }

  deinit { sqlite3_close(connection) }

  private func run(_ statement: String) throws {
    try check(sqlite3_exec(connection, statement, nil, nil, nil))
  }

  private func check(_ code: CInt) throws {
    guard code != SQLITE_OK else { return }
    throw DatabaseError(
      resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)))
  }
}
