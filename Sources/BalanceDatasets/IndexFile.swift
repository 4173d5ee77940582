import BalanceCore
import Foundation
import GRDB

/// What is at an index's place, looked at before SQLite opens it: no file of another program is
/// written to, and nothing is written through a link that a dataset brings along.
struct IndexFile {
  let url: URL

  /// What SQLite keeps beside a database.
  private static let companions = ["-wal", "-shm", "-journal"]

  /// Refuses an index inside of its dataset that a link leads away from there.
  ///
  /// - Throws: `BalanceError` with code `data`.
  func refuseLinks(below root: URL) throws(BalanceError) {
    let prefix = root.path + (root.path == "/" ? "" : "/")
    guard let inside = url.path.droppingBytePrefix(prefix) else { return }
    var place = String(prefix.dropLast())
    for part in inside.pathParts {
      place += "/" + part
      try refuseLink(place)
    }
    let folder = url.deletingLastPathComponent().path
    let others = ["/pixels", "/pixels/features"].map { folder + $0 }
    for path in Self.companions.map({ url.path + $0 }) + others { try refuseLink(path) }
  }

  private func refuseLink(_ path: String) throws(BalanceError) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return }
    throw BalanceError(
      .data, "is a link, and what a dataset brings along may not lead out of it", at: path,
      remedy: "remove it, or keep the index elsewhere with --index FILE")
  }

  /// Refuses what no index is, before anything is changed about it.
  ///
  /// - Throws: `BalanceError` with code `data`; otherwise what SQLite throws.
  func refuseForeign() throws {
    guard access(url.path, F_OK) == 0 else { return }
    let (descriptor, size) = try RegularFile.open(url.path)
    defer { close(descriptor) }
    guard size > 0 else { return }
    var head = [UInt8](repeating: 0, count: 108)
    let count = pread(descriptor, &head, head.count, 0)
    guard count == head.count, head.starts(with: "SQLite format 3\0".utf8) else {
      throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "file is not a database")
    }
    let identifier = head[68..<72].reduce(0) { $0 << 8 | Int($1) }
    if identifier == IndexSchema.applicationID { return }
    if identifier == 0, try isNew(head) { return }
    throw BalanceError(
      .data, "is an SQLite file of another program", at: url.path,
      remedy: "choose another place for the index with --index FILE")
  }

  /// Whether a database without a mark is one that was being made when its maker was killed: empty,
  /// or with the mark and all else in its log still.
  private func isNew(_ head: [UInt8]) throws -> Bool {
    guard access(url.path + "-wal", F_OK) == 0 else {
      // The first page is a leaf of the schema's table, and it has no cell.
      return head[100] == 0x0D && head[103] == 0 && head[104] == 0
    }
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue.once(url.path, configuration) { queue in
      try queue.read { db in
        let objects = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_schema") ?? 0
        let identifier = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        return identifier == IndexSchema.applicationID || (identifier == 0 && objects == 0)
      }
    }
  }

  /// Puts a new, whole index at its place in one step, unless one is there: of several processes
  /// that do it, all go on with the first one's.
  ///
  /// - Throws: what SQLite throws.
  func createIfMissing() throws {
    guard access(url.path, F_OK) != 0 else { return }
    removeLeftovers()
    let folder = url.deletingLastPathComponent()
    let temporary = folder.appendingPathComponent(
      "\(temporaryPrefix)\(UInt32.random(in: 0 ... .max)).tmp")
    let files = ([""] + Self.companions).map { temporary.path + $0 }
    for path in files { Scratch.begin(URL(fileURLWithPath: path)) }
    defer {
      for path in files {
        unlink(path)
        Scratch.end(URL(fileURLWithPath: path))
      }
    }
    var configuration = Configuration()
    configuration.journalMode = .wal
    try DatabaseQueue.once(temporary.path, configuration, IndexSchema.make)
    // Where it fails because another process was faster, its index is as good as this one; where
    // the file system has no links, SQLite makes the file in place.
    _ = link(temporary.path, url.path)
  }

  private var temporaryPrefix: String { ".\(url.lastPathComponent)." }

  /// Removes what killed processes left: temporary files that are a minute old, which none takes.
  private func removeLeftovers() {
    let folder = url.deletingLastPathComponent()
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    where name.hasPrefix(temporaryPrefix) && name.contains(".tmp") {
      let path = folder.appendingPathComponent(name).path
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      if status.modifiedNanoseconds / 1_000_000_000 < Int64(time(nil)) - 60 { unlink(path) }
    }
  }
}
