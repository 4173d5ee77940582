public import BalanceCore
import Foundation
import GRDB

extension DatasetIndex {
  /// Makes a split and stores it, in place of a generated one of the same name.
  ///
  /// A pure function of paths, contents, classes, groups and the request: the same on every
  /// machine. See `SplitPlanner` for how the images are shared out. Where the request keeps the
  /// dataset's own test images, images to which the dataset gives no role stay outside. A member is
  /// a file's path: an image that leaves the dataset has its part again when it comes back.
  ///
  /// - Throws: `BalanceError`: `usage` where the request makes no sense, the name is that of a
  ///   split which the dataset brings along, or test images are to be kept and it has none of its
  ///   own, or has validation images besides; `data` where there are no images.
  public func makeSplit(_ request: SplitRequest) throws(BalanceError) -> SplitReport {
    try request.validate()
    let kept = request.keepsTest ? try ownTest() : []
    let images = try request.keepsTest ? ownImages(.train) : images()
    guard !images.isEmpty else {
      throw BalanceError(
        .data, "there is no image that can be used, so nothing to split", at: root.path,
        remedy: "see 'balance analyze' for what is wrong with each file")
    }
    if let existing = try splits().first(where: { $0.name == request.name }),
      existing.origin != .generated
    {
      let source = existing.origin == .folders ? "folders" : "table"
      throw BalanceError(
        .usage, "the split '\(request.name)' comes from the dataset's \(source)", at: root.path,
        remedy: "choose another name with --name")
    }
    let names = try classNames()
    let plan = SplitPlanner(images: images, classCount: names.count, request: request).plan()
    let members = (Array(zip(images, plan.roles)) + kept.map { ($0, .test) })
      .sorted { precedesInBytes($0.0.path, $1.0.path) }
    let hash = Self.splitHash(members.map { ($0.path, $1) })
    try write { db in
      try db.execute(sql: "DELETE FROM split WHERE name = ?", arguments: [request.name])
      try db.execute(
        sql: """
          INSERT INTO split (name, origin, seed, val, test, keeps_test, hash, members, created)
          VALUES (?, 'generated', ?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ'))
          """,
        arguments: [
          request.name, Int64(bitPattern: request.seed), request.val, request.test,
          request.keepsTest, hash, members.count,
        ])
      let split = db.lastInsertedRowID
      for (image, role) in members {
        try db.cachedExecute(
          "INSERT INTO split_member (split_id, path, role) VALUES (?, ?, ?)",
          [split, image.path, role.rawValue])
      }
    }
    return SplitReport(request: request, hash: hash, names: names, plan: plan, kept: kept)
  }

  /// The test images that the dataset itself says.
  private func ownTest() throws(BalanceError) -> [ImageRecord] {
    func refuse(_ what: String, _ remedy: String) -> BalanceError {
      BalanceError(.usage, what, at: root.path, remedy: remedy)
    }
    let test = try ownImages(.test)
    guard !test.isEmpty else {
      throw refuse(
        "has no test images of its own, in a folder or by a column of its table",
        "leave --keep-test out and give --test 0.15")
    }
    let validation = try ownImages(.val).count
    guard validation == 0 else {
      throw refuse(
        "has validation images of its own (\(validation)), which would go unused",
        "take its own split, '\(Self.defaultSplit)', which has them and the test images")
    }
    return test
  }

  /// The images to which the dataset itself gives a role.
  private func ownImages(_ role: SplitRole) throws(BalanceError) -> [ImageRecord] {
    guard let own = try splits().first(where: { $0.origin != .generated }) else { return [] }
    return try images(split: own.name, role: role)
  }

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
  fileprivate static func members(_ rows: RowCursor) throws -> [(String, SplitRole)] {
    var members: [(String, SplitRole)] = []
    while let row = try rows.next() {
      members.append((try row.decode(atIndex: 0), try row.word(atIndex: 1)))
    }
    return members
  }

  /// The stored splits, by name.
  public func splits() throws(BalanceError) -> [SplitRecord] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT name, origin, seed, val, test, hash, created, members,
            (SELECT COUNT(*) FROM split_member JOIN image USING (path)
              WHERE split_id = split.id),
            (SELECT COUNT(*) FROM image), keeps_test,
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
        return SplitRecord(
          name: name, origin: try row.word(atIndex: 1), seed: seed.map { UInt64(bitPattern: $0) },
          val: try row.decode(atIndex: 3), test: try row.decode(atIndex: 4),
          keepsTest: try row.decode(atIndex: 10), strayed: try row.decode(atIndex: 11),
          hash: try row.decode(atIndex: 5), created: try row.decode(atIndex: 6), counts: counts,
          missing: max(0, members - present), outside: images - present)
      }
    }
  }

  /// - Parameter members: in the order of their paths' bytes.
  static func splitHash(_ members: some Sequence<(String, SplitRole)>) -> String {
    var text = ""
    for (path, role) in members { text += "\(path)\0\(role.rawValue)\n" }
    return ContentHash(of: text).hex
  }
}

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
}
