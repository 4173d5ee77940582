import BalanceCore
import BalanceDatasets
import Foundation
import GRDB
import Testing

/// Index files that are damaged, crafted or of another program: refused, with the place and a way
/// out.
@Suite struct DamagedIndexTests {
  /// A dataset that has been indexed and split, with its index in one file.
  private func indexed() throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 12)
    try data.addClass("b", count: 9)
    try data.write("no image", "a/bad.png")
    _ = try data.index().0.makeSplit(SplitRequest(val: 0.2, test: 0.2, seed: 0))
    return data
  }

  private func place(_ data: TemporaryDataset) -> URL {
    DatasetIndex.defaultLocation(root: data.root)
  }

  private func change(_ data: TemporaryDataset, _ sql: String) throws {
    let queue = try DatabaseQueue(path: place(data).path)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA writable_schema = ON; \(sql)")
    }
    try queue.close()
  }

  /// Asks for everything that an index is asked for.
  private func useAll(_ data: TemporaryDataset) throws {
    let index = try data.index().0
    for split in try index.splits() {
      for role in SplitRole.allCases { _ = try index.images(split: split.name, role: role) }
      _ = try index.leaks(split: split.name)
    }
    _ = (try index.images(), try index.duplicates(), try index.problems(), try index.source())
  }

  @Test(arguments: [
    ("CREATE VIEW v AS SELECT 1", #"it holds the view "v" otherwise than balance makes it"#),
    (
      """
      DROP TABLE source;
      CREATE VIEW source AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT i AS id, '' AS root, '{}' AS specification, 0 AS complete FROM n ORDER BY i DESC
      """, #"it holds the view "source""#
    ),
    (
      "CREATE TRIGGER t AFTER UPDATE ON source BEGIN DELETE FROM split; END",
      #"it holds the trigger "t""#
    ),
    ("DROP TABLE split_member", #"it lacks the table "split_member""#),
    (
      "UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'image'",
      #"it holds the table "image""#
    ),
    ("UPDATE image SET class_id = 77", "a row refers to one that is not there"),
    ("DELETE FROM grdb_migrations", "otherwise than balance makes it"),
    ("DROP TABLE grdb_migrations", "it lacks the record of its versions"),
  ])
  func craftedIndicesAreRefused(sql: String, reason: String) throws {
    let data = try indexed()
    try change(data, sql)
    let error = message { try useAll(data) }
    #expect(error.contains("is not an index, or a damaged one ("), "\(error)")
    #expect(error.contains(reason), "\(error)")
    #expect(error.contains("delete the file and index again"))
  }

  /// Values that the schema forbids, put there behind its back.
  @Test(arguments: [
    "UPDATE split SET members = NULL", "UPDATE split SET hash = 'x'",
    "UPDATE image SET path = NULL WHERE id = 3", "UPDATE image SET width = 'wide'",
    "UPDATE image SET content_hash = 'short'", "UPDATE class SET name = x'FF' WHERE id = 1",
    "UPDATE split SET members = -5", "UPDATE source SET specification = 'no json'",
    "UPDATE split_member SET role = 'exam'", "UPDATE source SET specification = NULL",
  ])
  func valuesOfTheWrongKindAreRefused(sql: String) throws {
    let data = try indexed()
    let queue = try DatabaseQueue(path: place(data).path)
    let before = try queue.writeWithoutTransaction { db in
      let before = try Row.fetchAll(db, sql: "SELECT rowid, sql FROM sqlite_schema")
      try db.execute(sql: "PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON")
      try db.execute(
        sql: """
          UPDATE sqlite_schema
          SET sql = replace(replace(replace(replace(sql, ') STRICT', ')'), 'TEXT NOT NULL', 'TEXT'),
            'INTEGER NOT NULL', 'INTEGER'), 'BLOB NOT NULL', 'BLOB')
          WHERE type = 'table' AND name IN ('source', 'class', 'image', 'split')
          """)
      return before
    }
    try queue.close()
    try change(data, "PRAGMA ignore_check_constraints = ON; \(sql)")
    let again = try DatabaseQueue(path: place(data).path)
    try again.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA writable_schema = ON")
      for row in before {
        try db.execute(
          sql: "UPDATE sqlite_schema SET sql = ? WHERE rowid = ?", arguments: [row[1], row[0]])
      }
    }
    try again.close()
    let error = message { try useAll(data) }
    #expect(error.contains("is not an index, or a damaged one ("), "\(error)")
  }

  /// The schema allows it, the split's hash does not.
  @Test(arguments: [
    "UPDATE split_member SET role = 'train'",
    "UPDATE split_member SET path = 'a/other.png' WHERE path = 'a/0.png'",
  ])
  func otherMembersOfASplitAreRefused(sql: String) throws {
    let data = try indexed()
    #expect(try data.index().0.split(named: "default").missing == 0)
    try change(data, sql)
    let index = try DatasetIndex.openExisting(root: data.root, at: place(data))
    let error = message { _ = try index.split(named: "default") }
    #expect(error.contains("the members of split 'default' are not as stored"), "\(error)")
  }

  /// Whatever bytes are flipped: an error, or an index that can be worked with; never a trap.
  @Test func flippedBytesNeverTrap() throws {
    let data = try indexed()
    let url = place(data)
    let whole = try Data(contentsOf: url)
    var generator = KeyedGenerator(seed: 11, .test)
    var refused = 0
    for _ in 0..<150 {
      var bytes = whole
      for _ in 0..<(1 + generator.below(8)) {
        bytes[generator.below(bytes.count)] ^= UInt8(1 << generator.below(8))
      }
      for ending in ["-wal", "-shm"] { unlink(url.path + ending) }
      try bytes.write(to: url)
      do { try useAll(data) } catch {
        #expect(error is BalanceError, "\(error)")
        refused += 1
      }
    }
    #expect(refused > 20)
  }

  /// Another program's database is refused before anything is changed, its journal mode included.
  @Test(arguments: [0, 0x1234])
  func anotherProgramsDatabaseIsLeftAsItWas(identifier: Int) throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 1)
    let place = data.url("other.sqlite")
    let queue = try DatabaseQueue(path: place.path)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA application_id = \(identifier); CREATE TABLE notes (text TEXT)")
    }
    try queue.close()
    let before = try Data(contentsOf: place)
    let error = message { _ = try DatasetIndex.open(root: data.root, at: place) }
    #expect(error.contains("is an SQLite file of another program"), "\(error)")
    #expect(try Data(contentsOf: place) == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: data.root.path)
    #expect(Set(names) == ["a", "other.sqlite"])
  }

  /// As an earlier version made it, and as a process left it that was killed before its first
  /// write.
  @Test func olderAndUnfinishedIndicesAreTaken() throws {
    let data = try indexed()
    let before = try data.index().0.images().map(\.contentHash)
    try EarlierIndex.countMembers(place(data))
    try EarlierIndex.forgetPixels(
      place(data),
      """
      ALTER TABLE image DROP COLUMN changed; ALTER TABLE image DROP COLUMN inode;
      ALTER TABLE problem DROP COLUMN changed; ALTER TABLE problem DROP COLUMN inode;
      ALTER TABLE split DROP COLUMN keeps_test;
      ALTER TABLE split DROP COLUMN specification; ALTER TABLE split DROP COLUMN automatic;
      DELETE FROM grdb_migrations WHERE identifier >= '3'
      """)
    let (index, summary) = try data.index()
    #expect(summary.read == 22, "what tells a changed file is not known yet")
    #expect(try index.images().map(\.contentHash) == before)
    #expect(try index.splits().count == 1)
    #expect(try data.index().1.read == 0)

    let empty = try TemporaryDataset()
    try empty.addClass("a", count: 1)
    try empty.write("", ".balance/index.sqlite")
    #expect(try empty.index().1.images == 1)
  }

  @Test func aLockedIndexIsWaitedForOnce() throws {
    let data = try indexed()
    let queue = try DatabaseQueue(path: place(data).path)
    try queue.inDatabase { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      defer { try? db.execute(sql: "ROLLBACK") }
      try data.addImage("a/new.png", key: 0xABCDEF)
      let error = message {
        let index = try DatasetIndex.open(root: data.root, at: nil, patience: .milliseconds(200))
        try index.update(source: .folderPerClass, threads: 2, progress: SilentProgress())
      }
      #expect(error.contains("another process has kept the index locked"), "\(error)")
    }
    #expect(try data.index().1.read == 1)
  }
}
