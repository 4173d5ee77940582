public import BalanceCore
public import Foundation
import GRDB

/// What a dataset holds, in one SQLite file: images, classes, groups, splits, and what is wrong.
///
/// The file says what is on the disk as of the last `update`; nothing here opens an image
/// afterwards. Any number of threads and processes may read it; writers take turns. A process
/// killed at any moment leaves it whole.
public final class DatasetIndex: Sendable {
  /// The dataset's folder, links resolved.
  public let root: URL
  /// The index's file.
  public let location: URL
  let queue: DatabaseQueue

  /// `ROOT/.balance/index.sqlite`
  public static func defaultLocation(root: URL) -> URL {
    root.appendingPathComponent(".balance/index.sqlite")
  }

  /// How long an index that another process writes is waited for.
  package static let patience = Duration.seconds(30)

  /// Opens the index of the dataset in `root`, and makes an empty one where there is none.
  ///
  /// An index that was made for the dataset at another place is taken where the dataset has moved:
  /// the other place is gone, and its contents are found in `root`.
  ///
  /// - Parameter location: the index's file; nil for `defaultLocation(root:)`.
  /// - Throws: `BalanceError`: `noInput` where the dataset is not a folder, `cannotCreate` where
  ///   the index cannot be written or another process keeps it locked, `data` where the file is not
  ///   an index, damaged, of another dataset, or a link that leads out of the dataset.
  public static func open(root: URL, at location: URL? = nil) throws(BalanceError) -> DatasetIndex {
    try open(root: root, at: location, patience: patience)
  }

  /// - Parameter patience: how long it is waited at most for another process that writes.
  package static func open(
    root: URL, at location: URL?, patience: Duration
  ) throws(BalanceError) -> DatasetIndex {
    let root = try resolvedRoot(root)
    let place = location ?? defaultLocation(root: root)
    if location == nil { try requireWritable(root) }
    let file = IndexFile(url: place)
    try file.refuseLinks(below: root)
    do {
      try file.refuseForeign()
      try AtomicFile.makeFolder(place.deletingLastPathComponent())
      try file.createIfMissing()
      let index = DatasetIndex(
        root: root, location: place, queue: try connect(place, patience: patience))
      try IndexSchema.prepare(index.queue, at: place)
      if !index.isInsideDataset { try index.refuseOtherDataset() }
      return index
    } catch {
      throw explain(error, at: place)
    }
  }

  /// Tries again for so long, since going over to WAL does not wait for other processes by itself.
  static func connect(_ place: URL, patience: Duration) throws -> DatabaseQueue {
    let deadline = ContinuousClock.now + patience
    while true {
      let left = max(.zero, deadline - .now)
      var configuration = Configuration()
      configuration.journalMode = .wal
      configuration.busyMode = .timeout(left / .seconds(1))
      configuration.label = "balance index"
      do {
        let queue = try DatabaseQueue.kept(place.path, configuration)
        do {
          try queue.writeWithoutTransaction { db in
            try db.execute(
              sql: "PRAGMA busy_timeout = \(Int(patience / .milliseconds(1)))")
          }
          return queue
        } catch {
          try? queue.close()
          throw error
        }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && left > .zero {
        usleep(50_000)
      }
    }
  }

  private init(root: URL, location: URL, queue: DatabaseQueue) {
    self.root = root
    self.location = location
    self.queue = queue
  }

  deinit { try? queue.close() }

  /// Whether a finished `update` is behind what the index says.
  public func isComplete() throws(BalanceError) -> Bool {
    try read { db in
      try Bool.fetchOne(db, sql: "SELECT complete FROM source") ?? false
    }
  }

  /// Where the images came from at the last update; nil before the first.
  public func source() throws(BalanceError) -> DatasetSource? {
    try storedSource()?.source
  }

  private func refuseOtherDataset() throws(BalanceError) {
    guard let other = try storedRoot(), other != root.path else { return }
    let fits = try read { db in try Self.hasMoved(db, from: other, to: root) }
    guard !fits else { return }
    throw BalanceError(
      .data, "is the index of another dataset, \(other)", at: location.path,
      remedy: "choose another file with --index, or delete this one")
  }

  // MARK: - Access

  func read<T>(_ body: (Database) throws -> T) throws(BalanceError) -> T {
    do { return try queue.read(body) } catch { throw Self.explain(error, at: location) }
  }

  func write<T>(_ body: (Database) throws -> T) throws(BalanceError) -> T {
    do { return try queue.write(body) } catch { throw Self.explain(error, at: location) }
  }

  /// What the database says, in words that a user can act on.
  static func explain(_ error: any Error, at location: URL) -> BalanceError {
    if let error = error as? BalanceError { return error }
    if error is RowDecodingError || error is DecodingError {
      return IndexSchema.damaged("it holds values of the wrong kind", location)
    }
    guard let error = error as? DatabaseError else {
      return BalanceError(
        .software, "the index failed: \(Printable.folded(error))", at: location.path)
    }
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    return switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT: IndexSchema.damaged(reason, location)
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_FULL, .SQLITE_IOERR:
      BalanceError(
        .cannotCreate, "the index cannot be written (\(reason))", at: location.path,
        remedy: "check permissions and space on the disk, or choose another place with --index FILE"
      )
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      BalanceError(
        .cannotCreate, "another process has kept the index locked", at: location.path,
        remedy: "wait for it to end, and try again")
    default:
      BalanceError(.software, "the index failed: \(Printable.folded(error))", at: location.path)
    }
  }

  /// The dataset's folder with links resolved.
  static func resolvedRoot(_ root: URL) throws(BalanceError) -> URL {
    var status = stat()
    guard stat(root.path, &status) == 0 else {
      throw BalanceError(
        .noInput, "the dataset's folder is not there", at: root.path, remedy: "check the path")
    }
    guard status.st_mode & S_IFMT == S_IFDIR, let bytes = Confinement.realPath(root.path) else {
      throw BalanceError(
        .noInput, "is a file, expected a dataset's folder", at: root.path,
        remedy: "name the folder; a table is chosen with --csv")
    }
    guard let real = String(validating: bytes, as: UTF8.self) else {
      throw BalanceError(
        .noInput, "leads to a folder whose path is not UTF-8", at: root.path,
        remedy: "rename the folder")
    }
    return URL(fileURLWithPath: real, isDirectory: true)
  }

  /// - Throws: `BalanceError` with code `cannotCreate` where the default place cannot be written
  ///   to.
  static func requireWritable(_ root: URL) throws(BalanceError) {
    guard !isWritable(root, defaultLocation(root: root)) else { return }
    throw BalanceError(
      .cannotCreate, "the folder is read-only, so the index cannot be kept in it", at: root.path,
      remedy: "choose another place for the index with --index FILE")
  }

  /// Whether an index may be at its default place. A folder whose mode lets nobody write is
  /// left alone even where the user could override that.
  static func isWritable(_ root: URL, _ place: URL) -> Bool {
    let folder = place.deletingLastPathComponent().path
    let path = access(folder, F_OK) == 0 ? folder : root.path
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & 0o222 != 0 && access(path, W_OK) == 0
  }
}
