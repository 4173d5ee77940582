public import BalanceCore
import Foundation
import GRDB

extension DatasetIndex {
  /// The name of the split that is meant where none is named.
  public static let defaultSplit = "default"

  /// What a split is called, unless it is given a name, that keeps the dataset's own test images.
  public static let keptTestSplit = "keep-test"

  /// What stands for every image, whatever split it is in, where a split is named; no split may be
  /// called so.
  public static let allImages = "all"

  /// The classes, in the order of their names' bytes. A label is a position in this list.
  public func classNames() throws(BalanceError) -> [String] {
    try read { db in try String.fetchAll(db, sql: "SELECT name FROM class ORDER BY name") }
  }

  /// The images in the order of their paths' bytes: the same whether the index was made at once or
  /// in many updates.
  ///
  /// - Parameters:
  ///   - split: nil for all images, in any split or none; with a role, nil means the default one.
  ///   - role: nil for all that are in the split.
  /// - Throws: `BalanceError` with code `usage` where there is no such split.
  public func images(split: String? = nil, role: SplitRole? = nil) throws(BalanceError)
    -> [ImageRecord]
  {
    let name = try resolve(split: split, role: role)
    return try read { db in
      var labels: [Int64: Int] = [:]
      for (label, id) in try Int64.fetchAll(db, sql: "SELECT id FROM class ORDER BY name")
        .enumerated()
      {
        labels[id] = label
      }
      let (filter, arguments) = Self.filter(name, role)
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT id, path, content_hash, width, height, channels, class_id, group_name,
            pixel_hash, least, greatest
          FROM image \(filter) ORDER BY path
          """, arguments: arguments)
      var images: [ImageRecord] = []
      while let row = try rows.next() {
        guard let label = labels[try row.decode(atIndex: 6)] else {
          throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an image without a class")
        }
        let least: Int? = try row.decode(atIndex: 9)
        let greatest: Int? = try row.decode(atIndex: 10)
        let pixelHash: Data? = try row.decode(atIndex: 8)
        images.append(
          ImageRecord(
            id: try row.decode(atIndex: 0), path: try row.decode(atIndex: 1),
            contentHash: ContentHash.hex(try row.decode(atIndex: 2)),
            pixelHash: pixelHash.map(ContentHash.hex),
            width: try row.decode(atIndex: 3), height: try row.decode(atIndex: 4),
            channels: try row.decode(atIndex: 5),
            extent: least.flatMap { low in greatest.map { min(low, $0)...$0 } }, label: label,
            group: try row.decode(atIndex: 7)))
      }
      return images
    }
  }

  /// Images per class; classes without any in this part of the split have 0.
  ///
  /// Parameters and errors as for `images(split:role:)`.
  public func counts(split: String? = nil, role: SplitRole? = nil) throws(BalanceError)
    -> ClassCounts
  {
    let name = try resolve(split: split, role: role)
    return try read { db in try Self.counts(db, name, role) }
  }

  /// What is wrong with the dataset's files and rows, in the order of their paths, and after these
  /// with its classes, which mostly follows from them.
  public func problems() throws(BalanceError) -> [ProblemRecord] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT path, kind, message, remedy FROM problem ORDER BY kind = ?, path, kind
          """, arguments: [ProblemKind.emptyClass.rawValue]
      ).map { row in
        ProblemRecord(
          path: try row.decode(atIndex: 0), kind: try row.word(atIndex: 1),
          message: try row.decode(atIndex: 2), remedy: try row.decode(atIndex: 3))
      }
    }
  }

  /// How many groups there are; 0 where the dataset has none.
  public func groupCount() throws(BalanceError) -> Int {
    try read { db in
      try Int.fetchOne(
        db, sql: "SELECT COUNT(DISTINCT group_name) FROM image WHERE group_name IS NOT NULL") ?? 0
    }
  }

  /// How many images belong to a group.
  public func groupedImages() throws(BalanceError) -> Int {
    try read { db in
      try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM image WHERE group_name IS NOT NULL") ?? 0
    }
  }

  static func counts(_ db: Database, _ split: String?, _ role: SplitRole?) throws -> ClassCounts {
    let (filter, arguments) = filter(split, role)
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT class.name, COALESCE(counted.images, 0) FROM class
        LEFT JOIN (SELECT class_id, COUNT(*) AS images FROM image \(filter) GROUP BY class_id)
          AS counted ON counted.class_id = class.id
        ORDER BY class.name
        """, arguments: arguments)
    return ClassCounts(
      names: try rows.map { try $0.decode(atIndex: 0) },
      counts: try rows.map { try $0.decode(atIndex: 1) })
  }

  /// The split's name, or nil for all images.
  private func resolve(split: String?, role: SplitRole?) throws(BalanceError) -> String? {
    guard split != nil || role != nil else { return nil }
    return try storedName(ofSplit: split ?? Self.defaultSplit)
  }

  /// The name under which a split is stored that is called so, in whatever form.
  func storedName(ofSplit wanted: String) throws(BalanceError) -> String {
    let names = try read { db in try String.fetchAll(db, sql: "SELECT name FROM split") }
    if let name = names.first(where: { $0.hasSameBytes(as: wanted) }) { return name }
    let canonical = CanonicalName(wanted)
    if let name = names.first(where: { CanonicalName($0) == canonical }) { return name }
    throw Self.unknown(split: wanted, names, root.path)
  }

  static func unknown(split: String, _ names: [String], _ root: String) -> BalanceError {
    guard !names.isEmpty else {
      return BalanceError(
        .usage, "the dataset has no split yet", at: root,
        remedy: "make one with 'balance split \(root) --val 0.15 --test 0.15 --seed 0'")
    }
    return Suggestion.unknown("split", split, among: names.sorted(by: precedesInBytes))
  }

  private static func filter(_ split: String?, _ role: SplitRole?) -> (String, StatementArguments) {
    guard let split else { return ("", []) }
    let members = "SELECT path FROM split_member JOIN split ON split.id = split_id"
    guard let role else { return ("WHERE image.path IN (\(members) WHERE name = ?)", [split]) }
    return (
      "WHERE image.path IN (\(members) WHERE name = ? AND role = ?)", [split, role.rawValue]
    )
  }
}
