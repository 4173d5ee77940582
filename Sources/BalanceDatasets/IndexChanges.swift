import BalanceCore
import GRDB

/// What differs between a listing and the index.
struct IndexChanges {
  /// Positions of candidates that are new, whose size, times or number changed, or of whose pixels
  /// an index of an earlier version knows nothing.
  var toRead: [Int] = []
  /// Positions of candidates whose file is as it was, but whose class, group or role is not.
  var toRelabel: [Int] = []
  /// Paths of images that the listing no longer has.
  var goneImages: [String] = []
  /// Paths of problems, found by reading, that the listing no longer has.
  var goneProblems: [String] = []

  var isEmpty: Bool {
    toRead.isEmpty && toRelabel.isEmpty && goneImages.isEmpty && goneProblems.isEmpty
  }
}

extension DatasetIndex {
  /// Walks listing and index side by side, both in the order of their paths' bytes.
  ///
  /// - Parameter rereads: whether files are read that seem to be as they were.
  /// - Complexity: O(candidates + rows), in constant memory beside the result.
  func changes(to listing: Listing, rereads: Bool) throws(BalanceError) -> IndexChanges {
    try read { db in
      var changes = IndexChanges()
      let candidates = listing.candidates
      let classes = try db.classNamesByID()
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT path, 1, size, modified, inode, changed, class_id, group_name, source_role,
            pixel_hash IS NOT NULL FROM image
          UNION ALL
          SELECT path, 0, size, modified, inode, changed, NULL, NULL, NULL, 1
          FROM problem
          WHERE origin = 'content' AND skipped AND kind <> 'unreadable'
          ORDER BY path
          """)
      var position = 0
      while let row = try rows.next() {
        let path: String = try row.decode(atIndex: 0)
        let isImage: Bool = try row.decode(atIndex: 1)
        var order = 1
        while position < candidates.count {
          order = compareBytes(candidates[position].path, path)
          guard order < 0 else { break }
          changes.toRead.append(position)
          position += 1
        }
        guard position < candidates.count, order == 0 else {
          if isImage { changes.goneImages.append(path) } else { changes.goneProblems.append(path) }
          continue
        }
        let candidate = candidates[position]
        if try rereads || candidate.differs(from: row) {
          changes.toRead.append(position)
        } else if isImage {
          let classID: Int64 = try row.decode(atIndex: 6)
          let group: String? = try row.decode(atIndex: 7)
          let role: String? = try row.decode(atIndex: 8)
          // An older index may hold names in another form: equal to Swift, not to SQLite.
          if !Self.areSame(classes[classID], candidate.label)
            || !Self.areSame(group, candidate.group) || role != candidate.role?.rawValue
          {
            changes.toRelabel.append(position)
          }
        }
        position += 1
      }
      changes.toRead += position..<candidates.count
      return changes
    }
  }

  private static func areSame(_ a: String?, _ b: String?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return a.hasSameBytes(as: b)
  }
}

extension Candidate {
  /// Whether the file is another than a row of `changes(to:rereads:)` knows, or may be one.
  fileprivate func differs(from row: Row) throws -> Bool {
    let known: [Int64?] = try (2...5).map { try row.decode(atIndex: $0) }
    let knowsPixels: Bool = try row.decode(atIndex: 9)
    return known != [size, modified, inode, changed] || !knowsPixels
  }
}
