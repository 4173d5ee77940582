import Foundation
import GRDB

/// The tables of the index. What must always hold is said here, and the database refuses the rest.
enum IndexSchema {
  /// "bal1": marks the file as ours, so that no other SQLite file is ever written into.
  static let applicationID = 0x6261_6C31

  /// Makes the tables in a new database.
  ///
  /// - Throws: what the database throws.
  static func make(_ queue: DatabaseQueue) throws {
    try queue.write { db in try db.execute(sql: "PRAGMA application_id = \(applicationID)") }
    try migrator().migrate(queue)
  }

  /// Checks that a database is an index, whole and as this program makes it, and migrates an older
  /// one. An index that is up to date is only read.
  ///
  /// - Throws: `BalanceError` with code `data` where the file is damaged, holds what this program
  ///   did not put there, or was written by a newer version; otherwise what the database throws.
  static func prepare(_ queue: DatabaseQueue, at location: URL) throws {
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA cell_size_check = ON; PRAGMA synchronous = NORMAL")
    }
    if try queue.read({ db in try check(db, at: location) }) { return }
    // Another process may migrate at the same moment: whoever comes second fails, and finds it done
    // when it tries again.
    for attempt in 1... {
      do { try make(queue) } catch let error as DatabaseError
        where attempt < 5 && error.resultCode != .SQLITE_BUSY
      {}
      if try queue.read({ db in try check(db, at: location) }) { return }
    }
  }

  /// In the order in which they run. One that an index may have behind it never changes.
  static let migrations = [
    (name: "1 images, classes, problems, splits", sql: tables),
    (name: "2 what is left out", sql: ignored), (name: "3 identity of files", sql: identities),
    (name: "4 pixels", sql: pixels),
    (name: "5 splits that keep the dataset's own test images", sql: keptTests),
    (name: "6 images of any format", sql: formats),
    (name: "7 members of splits by their paths", sql: memberPaths),
    (name: "8 what a split was made for", sql: splitSources),
    (name: "9 files that are not damaged", sql: refused),
  ]

  /// - Parameter isWanted: which of the migrations it runs, by their names.
  static func migrator(where isWanted: (String) -> Bool = { _ in true }) -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for (name, sql) in migrations where isWanted(name) {
      migrator.registerMigration(name) { db in try db.execute(sql: sql) }
    }
    return migrator
  }

  /// Some of these files can be read, or are called otherwise, as is known now.
  private static let refused = """
    DELETE FROM problem WHERE origin = 'content' AND kind IN ('damaged', 'not-an-image');
    UPDATE source SET complete = 0;
    """

  /// A split of an earlier version is taken to be made for what the index was of last.
  private static let splitSources = """
    -- The source that a generated split was made for.
    ALTER TABLE split ADD COLUMN specification TEXT
      CHECK (specification IS NULL OR json_valid(specification));
    -- Whether nobody asked for it, so that it may give way to one for another source.
    ALTER TABLE split ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1));
    UPDATE split SET specification = (SELECT specification FROM source)
      WHERE origin = 'generated';
    """

  /// An image that goes away, or cannot be used for a while, has its part again when it is back.
  private static let memberPaths = """
    CREATE TEMP TABLE kept_member AS
      SELECT split_id, path, role FROM split_member JOIN image ON image.id = image_id;
    DROP TABLE split_member;
    CREATE TABLE split_member (
      split_id INTEGER NOT NULL REFERENCES split (id) ON DELETE CASCADE,
      -- There may be no image of this path now.
      path TEXT NOT NULL CHECK (path <> ''),
      role TEXT NOT NULL CHECK (role IN ('train', 'val', 'test')),
      PRIMARY KEY (split_id, path)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO split_member SELECT split_id, path, role FROM kept_member;
    DROP TABLE kept_member;
    """

  /// Which formats are read is said in one place, and that is not the schema. Files that are of a
  /// format that is new are read again.
  private static let formats = """
    ALTER TABLE image RENAME COLUMN format TO listed_format;
    ALTER TABLE image ADD COLUMN format TEXT NOT NULL DEFAULT 'unknown' CHECK (format <> '');
    UPDATE image SET format = listed_format;
    ALTER TABLE image DROP COLUMN listed_format;
    DELETE FROM problem WHERE origin = 'content' AND kind = 'not-an-image';
    UPDATE source SET complete = 0;
    """

  private static let keptTests = """
    ALTER TABLE split ADD COLUMN
      keeps_test INTEGER NOT NULL DEFAULT 0 CHECK (keeps_test IN (0, 1))
    """

  private static let ignored = """
    -- Files that are neither images nor meant to be, counted by what they are called.
    CREATE TABLE ignored (
      category TEXT PRIMARY KEY CHECK (category <> ''),
      files INTEGER NOT NULL CHECK (files > 0),
      example TEXT NOT NULL CHECK (example <> '')
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE source DROP COLUMN ignored;
    """

  /// A file exchanged for one of equal size and time has another number or time of change. NULL:
  /// not known, so that the file is read again.
  private static let identities = """
    ALTER TABLE image ADD COLUMN inode INTEGER;
    ALTER TABLE image ADD COLUMN changed INTEGER;
    ALTER TABLE problem ADD COLUMN inode INTEGER;
    ALTER TABLE problem ADD COLUMN changed INTEGER;
    """

  private static let tables = """
    -- The one row that says where the images come from.
    CREATE TABLE source (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      root TEXT NOT NULL CHECK (root <> ''),
      specification TEXT NOT NULL CHECK (json_valid(specification)),
      allow_outside_root INTEGER NOT NULL CHECK (allow_outside_root IN (0, 1)),
      complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
      ignored INTEGER NOT NULL DEFAULT 0 CHECK (ignored >= 0),
      updated TEXT NOT NULL
    ) STRICT;

    CREATE TABLE class (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE CHECK (name <> '')
    ) STRICT;

    CREATE TABLE image (
      id INTEGER PRIMARY KEY,
      path TEXT NOT NULL UNIQUE CHECK (path <> ''),
      size INTEGER NOT NULL CHECK (size > 0),
      modified INTEGER NOT NULL,
      content_hash BLOB NOT NULL CHECK (length(content_hash) = 16),
      format TEXT NOT NULL CHECK (format IN ('jpeg', 'png')),
      width INTEGER NOT NULL CHECK (width > 0),
      height INTEGER NOT NULL CHECK (height > 0),
      channels INTEGER NOT NULL CHECK (channels BETWEEN 1 AND 4),
      orientation INTEGER NOT NULL CHECK (orientation BETWEEN 1 AND 8),
      class_id INTEGER NOT NULL REFERENCES class (id),
      group_name TEXT CHECK (group_name <> ''),
      -- The role that the source itself gives the image, if it has split folders or a column.
      source_role TEXT CHECK (source_role IN ('train', 'val', 'test'))
    ) STRICT;
    CREATE INDEX image_by_class ON image (class_id);
    CREATE INDEX image_by_content ON image (content_hash);
    CREATE INDEX image_by_group ON image (group_name) WHERE group_name IS NOT NULL;

    CREATE TABLE problem (
      path TEXT NOT NULL CHECK (path <> ''),
      kind TEXT NOT NULL CHECK (kind <> ''),
      message TEXT NOT NULL CHECK (message <> ''),
      remedy TEXT NOT NULL,
      skipped INTEGER NOT NULL CHECK (skipped IN (0, 1)),
      -- 'content': found by reading the file, with the size and time it then had;
      -- 'listing': found by looking at names and rows, each time anew.
      origin TEXT NOT NULL CHECK (origin IN ('content', 'listing')),
      size INTEGER CHECK (size >= 0),
      modified INTEGER,
      PRIMARY KEY (path, kind),
      CHECK ((origin = 'content') = (size IS NOT NULL AND modified IS NOT NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE split (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE CHECK (name <> ''),
      origin TEXT NOT NULL CHECK (origin IN ('generated', 'folders', 'column')),
      seed INTEGER,
      val REAL CHECK (val >= 0 AND val < 1),
      test REAL CHECK (test >= 0 AND test < 1),
      hash TEXT NOT NULL CHECK (length(hash) = 32),
      members INTEGER NOT NULL CHECK (members >= 0),
      created TEXT NOT NULL,
      CHECK ((origin = 'generated') = (seed IS NOT NULL AND val IS NOT NULL AND test IS NOT NULL))
    ) STRICT;

    CREATE TABLE split_member (
      split_id INTEGER NOT NULL REFERENCES split (id) ON DELETE CASCADE,
      image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
      role TEXT NOT NULL CHECK (role IN ('train', 'val', 'test')),
      PRIMARY KEY (split_id, image_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX split_member_by_image ON split_member (image_id);
    """
  private static let pixels = """
    -- Of what the file shows; NULL: not known yet, so that the file is read again.
    ALTER TABLE image ADD COLUMN pixel_hash BLOB CHECK (length(pixel_hash) = 16);
    -- The least and the greatest value of a file of 16 bits a value; NULL for others.
    ALTER TABLE image ADD COLUMN least INTEGER CHECK (least BETWEEN 0 AND 65535);
    ALTER TABLE image ADD COLUMN greatest INTEGER
      CHECK (greatest BETWEEN least AND 65535 AND (greatest IS NULL) = (least IS NULL));
    DROP INDEX image_by_content;
    CREATE INDEX image_by_pixels ON image (COALESCE(pixel_hash, content_hash));
    -- Some of these files are whole, as is known now.
    DELETE FROM problem WHERE origin = 'content' AND kind = 'damaged';
    UPDATE source SET complete = 0;
    """
}
