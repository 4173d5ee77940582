public import BalanceCore
import Foundation
import GRDB

extension DatasetIndex {
  /// Groups, and files of the same pixels, that are in more than one role of a split.
  ///
  /// Training refuses a split that has any. Empty for a split made by `makeSplit`, unless groups
  /// or files changed afterwards.
  ///
  /// - Throws: `BalanceError` with code `usage` where there is no such split.
  public func leaks(split: String = DatasetIndex.defaultSplit) throws(BalanceError) -> [Leak] {
    let split = try storedName(ofSplit: split)
    return try read { db in
      try Self.leaks(db, .group, "group_name", split)
        + Self.leaks(db, .duplicate, "lower(hex(\(Self.pixels)))", split)
    }
  }

  private static func leaks(_ db: Database, _ kind: Leak.Kind, _ key: String, _ split: String)
    throws -> [Leak]
  {
    let column = kind == .group ? "group_name" : pixels
    let members = """
      image JOIN split_member USING (path) JOIN split ON split.id = split_id
      """
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT \(key), role, path FROM \(members)
        WHERE split.name = ? AND \(column) IN (
          SELECT \(column) FROM \(members)
          WHERE split.name = ? AND \(column) IS NOT NULL
          GROUP BY \(column) HAVING COUNT(DISTINCT role) > 1)
        ORDER BY \(column), path
        """, arguments: [split, split])
    var leaks: [Leak] = []
    var current: (key: String, roles: [String: Int], paths: [String])?
    func close() {
      guard let found = current else { return }
      leaks.append(Leak(kind: kind, key: found.key, roles: found.roles, examples: found.paths))
    }
    while let row = try rows.next() {
      let key: String = try row.decode(atIndex: 0)
      if current?.key.hasSameBytes(as: key) != true {
        close()
        current = (key, [:], [])
      }
      let role: String = try row.decode(atIndex: 1)
      current?.roles[role, default: 0] += 1
      if let count = current?.paths.count, count < 10 {
        current?.paths.append(try row.decode(atIndex: 2))
      }
    }
    close()
    return leaks
  }

  /// What a file shows, or, where an index of an earlier version does not know it yet, holds.
  private static let pixels = "COALESCE(pixel_hash, content_hash)"

  /// Files with the same pixels, whatever split they are in, in the order of their hashes.
  public func duplicates() throws(BalanceError) -> [DuplicateSet] {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT lower(hex(\(Self.pixels))), path, name FROM image
          JOIN class ON class.id = class_id
          WHERE \(Self.pixels) IN (
            SELECT \(Self.pixels) FROM image GROUP BY \(Self.pixels) HAVING COUNT(*) > 1)
          ORDER BY \(Self.pixels), path
          """)
      var sets: [DuplicateSet] = []
      var current: (hash: String, paths: [String], classes: Set<String>)?
      func close() {
        guard let found = current else { return }
        sets.append(
          DuplicateSet(
            pixelHash: found.hash, paths: found.paths,
            classes: found.classes.sorted(by: precedesInBytes)))
      }
      while let row = try rows.next() {
        let hash: String = try row.decode(atIndex: 0)
        if current?.hash != hash {
          close()
          current = (hash, [], [])
        }
        current?.paths.append(try row.decode(atIndex: 1))
        current?.classes.insert(try row.decode(atIndex: 2))
      }
      close()
      return sets
    }
  }
}
