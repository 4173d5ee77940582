import BalanceCore
import BalanceImages
import Foundation
import GRDB

extension Database {
  func cachedExecute(_ sql: String, _ arguments: StatementArguments) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }

  /// The class of this name, made if it is new.
  func classID(_ name: String) throws -> Int64 {
    let find = try cachedStatement(sql: "SELECT id FROM class WHERE name = ?")
    if let id = try Int64.fetchOne(find, arguments: [name]) { return id }
    try cachedExecute("INSERT INTO class (name) VALUES (?)", [name])
    return lastInsertedRowID
  }

  func classNamesByID() throws -> [Int64: String] {
    var names: [Int64: String] = [:]
    let rows = try Row.fetchCursor(self, sql: "SELECT id, name FROM class")
    while let row = try rows.next() {
      names[try row.decode(atIndex: 0)] = try row.decode(String.self, atIndex: 1)
    }
    return names
  }

  /// Adds an image, or replaces what is known of the file at its path; its id then stays.
  func insert(_ candidate: Candidate, _ image: InspectedImage) throws {
    let header = image.header
    try cachedExecute(
      """
      INSERT INTO image (path, size, modified, inode, changed, content_hash, pixel_hash, format, width,
        height, channels, orientation, least, greatest, class_id, group_name, source_role)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (path) DO UPDATE SET size = excluded.size, modified = excluded.modified,
        inode = excluded.inode, changed = excluded.changed, content_hash = excluded.content_hash,
        pixel_hash = excluded.pixel_hash, format = excluded.format, width = excluded.width,
        height = excluded.height, channels = excluded.channels,
        orientation = excluded.orientation, least = excluded.least, greatest = excluded.greatest,
        class_id = excluded.class_id, group_name = excluded.group_name,
        source_role = excluded.source_role
      """,
      [
        candidate.path, candidate.size, candidate.modified, candidate.inode, candidate.changed,
        image.content.bytes, image.pixels.bytes, header.format.id, header.width,
        header.height, header.channels, header.orientation, image.extent?.lowerBound,
        image.extent?.upperBound,
        try classID(candidate.label), candidate.group, candidate.role?.rawValue,
      ])
  }

  /// Records a problem; with what tells a changed file where it was found by reading one.
  func insert(_ problem: ProblemRecord, of file: Candidate? = nil) throws {
    try cachedExecute(
      """
      INSERT OR REPLACE INTO problem (path, kind, message, remedy, skipped, origin, size, modified,
        inode, changed)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        problem.path, problem.kind.rawValue, problem.message, problem.remedy, problem.isSkipped,
        file == nil ? "listing" : "content", file?.size, file?.modified, file?.inode, file?.changed,
      ])
  }

  /// Removes classes without an image, so that every class of the index can be looked at.
  func pruneClasses() throws {
    try execute(
      sql: """
        DELETE FROM class
        WHERE NOT EXISTS (SELECT 1 FROM image WHERE image.class_id = class.id)
        """)
  }
}
