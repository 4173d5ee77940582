public import BalanceCore
import Foundation
import GRDB

extension DatasetIndex {
  /// The stored split that is called so.
  ///
  /// - Throws: `BalanceError` with code `usage` where there is none; with `data` where its members
  ///   are no longer those that were stored.
  public func split(named name: String) throws(BalanceError) -> SplitRecord {
    let stored = try storedName(ofSplit: name)
    let splits = try splits()
    guard let split = splits.first(where: { $0.name.hasSameBytes(as: stored) }) else {
      throw Self.unknown(split: name, splits.map(\.name), root.path)
    }
    if let hash = try hash(ofSplit: stored), hash != split.hash {
      throw IndexSchema.damaged("the members of split '\(stored)' are not as stored", location)
    }
    return split
  }

  /// Of the members as they are kept; nil where an earlier version has forgotten some of them.
  private func hash(ofSplit name: String) throws(BalanceError) -> String? {
    try read { db in
      let count = try Int.fetchOne(
        db, sql: "SELECT members FROM split WHERE name = ?", arguments: [name])
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT path, role FROM split_member JOIN split ON split.id = split_id
          WHERE name = ? ORDER BY path
          """, arguments: [name])
      let members = try Self.members(rows)
      return members.count == count ? Self.splitHash(members) : nil
    }
  }

  /// - Parameter rows: a path and a role each.
  static func members(_ rows: RowCursor) throws -> [(String, SplitRole)] {
    var members: [(String, SplitRole)] = []
    while let row = try rows.next() {
      members.append((try row.decode(atIndex: 0), try row.word(atIndex: 1)))
    }
    return members
  }

  /// The stored splits, by name.
  public func splits() throws(BalanceError) -> [SplitRecord] {
    let source = try source()
    return try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT name, origin, seed, val, test, hash, created, members,
            (SELECT COUNT(*) FROM split_member JOIN image USING (path)
              WHERE split_id = split.id),
            (SELECT COUNT(*) FROM image), keeps_test, specification,
            CASE WHEN keeps_test THEN
              (SELECT COUNT(*) FROM split_member JOIN image USING (path)
                WHERE split_id = split.id AND (role = 'test') <> (source_role IS 'test'))
            ELSE 0 END
          FROM split ORDER BY name
          """
      ).map { row in
        let name: String = try row.decode(atIndex: 0)
        var counts: [String: ClassCounts] = [:]
        for role in SplitRole.allCases {
          counts[role.rawValue] = try Self.counts(db, name, role)
        }
        let seed: Int64? = try row.decode(atIndex: 2)
        let present: Int = try row.decode(atIndex: 8)
        let members: Int = try row.decode(atIndex: 7)
        let images: Int = try row.decode(atIndex: 9)
        let specification: String? = try row.decode(atIndex: 11)
        return SplitRecord(
          name: name, origin: try row.word(atIndex: 1), seed: seed.map { UInt64(bitPattern: $0) },
          val: try row.decode(atIndex: 3), test: try row.decode(atIndex: 4),
          keepsTest: try row.decode(atIndex: 10), strayed: try row.decode(atIndex: 12),
          hash: try row.decode(atIndex: 5), created: try row.decode(atIndex: 6), counts: counts,
          missing: max(0, members - present), outside: images - present,
          formerSource: try specification.flatMap { try source?.other(than: $0)?.summary })
      }
    }
  }
}
