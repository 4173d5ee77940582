public import BalanceCore
import Foundation
import GRDB

extension DatasetIndex {
  /// Brings the index up to date with the disk.
  ///
  /// Files whose size, times and number are as before are not read again; the others are read,
  /// hashed and
  /// decoded once, on all threads, and written in batches, so that a run that is killed loses at
  /// most the batches under way and the next one goes on from there. Classes, groups and splits
  /// change together at the end. A bad file never stops the run: it becomes a `ProblemRecord`.
  ///
  /// - Parameters:
  ///   - threads: at least 1.
  ///   - allowOutsideRoot: whether paths and links may lead out of the dataset's folder.
  /// - Throws: `BalanceError`: `usage` where the source names columns that are not there, `noInput`
  ///   where a folder or table cannot be read, `data` where there is no image at all, or the
  ///   table is malformed; and where the index cannot be written. The index then stays as it was.
  @discardableResult
  public func update(
    source: DatasetSource, allowOutsideRoot: Bool = false, threads: Int,
    progress: any ProgressReporter
  ) throws(BalanceError) -> IndexSummary {
    let wanted = StoredSource(source: source, allowsOutside: allowOutsideRoot, root: root.path)
    return try update(
      SourceListing(wanted, threads: threads), rereads: false, threads: threads, progress: progress)
  }

  /// - Parameter rereads: whether files are read that seem to be as they were.
  func update(
    _ listed: SourceListing, rereads: Bool, threads: Int,
    progress: any ProgressReporter
  ) throws(BalanceError) -> IndexSummary {
    precondition(threads > 0, "\(threads) threads")
    let clock = ContinuousClock()
    let start = clock.now
    let listing = listed.listing
    let changes = try changes(to: listing, rereads: rereads)
    let (stored, isComplete) = (try storedSource(), try isComplete())
    let isSame = changes.isEmpty && stored == listed.source && isComplete
    if !isSame { try begin(listed.source) }
    if !changes.toRead.isEmpty {
      progress.begin("Indexing", total: changes.toRead.count, unit: "files")
      defer { progress.end() }
      try IndexingRun(index: self, confinement: listed.source.confinement, progress: progress)
        .run(listing.candidates, changes.toRead, threads: threads)
    }
    let source = listed.source.source.moved(from: root.path)
    let problems = try listing.problems + listed.doubts(unusable: unusablePaths())
    for note in try finish(listing, problems, changes, source, unchanged: isSame) {
      progress.note("note: \(note)")
    }
    if stored?.source != source {
      for split in try splits() {
        guard let outdated = split.outdated, let renewal = split.renewal(root: root) else {
          continue
        }
        progress.note("note: \(outdated); make it again with '\(renewal)'")
      }
    }
    var summary = try summary()
    summary.read = changes.toRead.count
    summary.unchanged = listing.candidates.count - changes.toRead.count
    summary.removed = changes.goneImages.count
    summary.ignored = listing.ignored.total
    summary.seconds = (clock.now - start) / .seconds(1)
    return summary
  }

  /// Marks the index as being changed.
  private func begin(_ wanted: StoredSource) throws(BalanceError) {
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO source (id, root, specification, allow_outside_root, complete, updated)
          VALUES (1, ?, ?, ?, 0, strftime('%Y-%m-%dT%H:%M:%SZ'))
          ON CONFLICT (id) DO UPDATE SET root = excluded.root,
            specification = excluded.specification,
            allow_outside_root = excluded.allow_outside_root, complete = 0,
            updated = excluded.updated
          """, arguments: [wanted.root, try wanted.source.specification, wanted.allowsOutside])
    }
  }

  /// Everything that must change together: what is gone, new labels, problems, the source's split.
  ///
  /// - Returns: what the user should know of splits that are gone.
  private func finish(
    _ listing: Listing, _ problems: [ProblemRecord], _ changes: IndexChanges,
    _ source: DatasetSource, unchanged: Bool
  ) throws(BalanceError) -> [String] {
    try write { db in
      try db.execute(sql: "DELETE FROM problem WHERE origin = 'listing'")
      for problem in problems { try db.insert(problem) }
      try db.replaceIgnored(listing.ignored.list)
      guard !unchanged else {
        try Self.recordEmptyClasses(db, listing)
        return []
      }
      for path in changes.goneImages {
        try db.cachedExecute("DELETE FROM image WHERE path = ?", [path])
        try db.cachedExecute("DELETE FROM problem WHERE path = ? AND origin = 'content'", [path])
      }
      for path in changes.goneProblems {
        try db.cachedExecute("DELETE FROM problem WHERE path = ? AND origin = 'content'", [path])
      }
      for position in changes.toRelabel {
        let candidate = listing.candidates[position]
        try db.cachedExecute(
          "UPDATE image SET class_id = ?, group_name = ?, source_role = ? WHERE path = ?",
          [
            try db.classID(candidate.label), candidate.group, candidate.role?.rawValue,
            candidate.path,
          ])
      }
      try db.pruneClasses()
      try Self.recordEmptyClasses(db, listing)
      let dropped = try db.dropAutomaticSplits(notFor: source)
      let imported = try db.importSplit(of: source)
      try db.execute(sql: "UPDATE source SET complete = 1")
      return dropped + [imported].compactMap(\.self)
    }
  }

  /// The files that were read and cannot be used.
  private func unusablePaths() throws(BalanceError) -> Set<ByteKey> {
    try read { db in
      let paths = try String.fetchCursor(
        db, sql: "SELECT path FROM problem WHERE origin = 'content' AND skipped")
      var keys: Set<ByteKey> = []
      while let path = try paths.next() { keys.insert(ByteKey(path)) }
      return keys
    }
  }

  /// Names the classes of which no file can be used: they are no classes of the index.
  private static func recordEmptyClasses(_ db: Database, _ listing: Listing) throws {
    var listed: Set<String> = []
    var last: String?
    for candidate in listing.candidates where candidate.label != last {
      listed.insert(candidate.label)
      last = candidate.label
    }
    let present = try Set(db.classNamesByID().values)
    for name in listed.subtracting(present).sorted(by: precedesInBytes) {
      try db.insert(
        ProblemRecord(
          path: name, kind: .emptyClass, message: "no image of this class can be used",
          remedy: "mend its files or leave the class out"))
    }
  }

  private func summary() throws(BalanceError) -> IndexSummary {
    try read { db in
      var summary = IndexSummary()
      summary.images = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM image") ?? 0
      summary.classes = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM class") ?? 0
      summary.skipped =
        try Int.fetchOne(
          db, sql: "SELECT COUNT(*) FROM problem WHERE skipped AND kind <> ?",
          arguments: [ProblemKind.emptyClass.rawValue]) ?? 0
      summary.warnings =
        try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM problem WHERE NOT skipped") ?? 0
      return summary
    }
  }
}
