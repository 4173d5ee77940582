import Foundation
import GRDB

/// Indices as earlier versions made them.
enum EarlierIndex {
  /// Made by version 0.1.0 for a folder `/photos` with `café` in two forms and `tea `, one image
  /// each, and a text, and then vacuumed with pages of 512 bytes.
  static func first() throws -> Data {
    try Data(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Goldens/index-1.sqlite"))
  }

  /// Takes back what the migration "7 members of splits by their paths" did to an index.
  static func countMembers(_ index: URL) throws {
    let queue = try DatabaseQueue(path: index.path)
    try queue.write { db in
      try db.execute(
        sql: """
          CREATE TEMP TABLE kept AS
            SELECT split_id, image.id, role FROM split_member JOIN image USING (path);
          DROP TABLE split_member;
          CREATE TABLE split_member (
            split_id INTEGER NOT NULL REFERENCES split (id) ON DELETE CASCADE,
            image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('train', 'val', 'test')),
            PRIMARY KEY (split_id, image_id)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX split_member_by_image ON split_member (image_id);
          INSERT INTO split_member SELECT * FROM kept;
          DELETE FROM grdb_migrations WHERE identifier = '7 members of splits by their paths';
          """)
    }
    try queue.close()
  }

  /// Takes back what the migrations "4 pixels" and "6 images of any format" did to an index, and
  /// then what `others` say.
  static func forgetPixels(_ index: URL, _ others: String = "") throws {
    let copy = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-index-\(UUID().uuidString)")
    try first().write(to: copy)
    defer { try? FileManager.default.removeItem(at: copy) }
    let old = try DatabaseQueue(path: copy.path)
    // The table, and then its indices.
    let statements = try old.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT sql FROM sqlite_schema WHERE tbl_name = 'image' AND sql <> ''
          ORDER BY type DESC
          """)
    }
    try old.close()
    let columns = """
      id, path, size, modified, content_hash, format, width, height, channels, orientation,
      class_id, group_name, source_role, inode, changed
      """
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: index.path, configuration: configuration)
    try queue.write { db in
      try db.execute(sql: "CREATE TEMP TABLE kept AS SELECT * FROM image; DROP TABLE image")
      for (number, statement) in statements.enumerated() {
        try db.execute(
          sql: statement.replacing("\n) STRICT", with: "\n, inode INTEGER, changed INTEGER) STRICT")
        )
        if number == 0 {
          try db.execute(sql: "INSERT INTO image (\(columns)) SELECT \(columns) FROM kept")
        }
      }
      try db.execute(
        sql: """
          DELETE FROM grdb_migrations
          WHERE identifier IN ('4 pixels', '6 images of any format');
          \(others)
          """)
    }
    try queue.close()
  }
}
