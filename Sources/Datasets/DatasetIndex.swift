public import BalanceCore
public import Foundation
import GRDB

/// What a dataset holds, in one SQLite file: images, classes, groups, splits, and what is wrong.
///
/// The file says what stands on the disk as of the last `update`; nothing here opens an image
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

  /// Opens the index of the dataset in `root`, and makes an empty one where there is none.
  ///
  /// - Parameter location: the index's file; nil for `defaultLocation(root:)`.
  /// - Throws: `BalanceError`: `noInput` where the dataset is not a folder, `cannotCreate` where
  ///   the index cannot be written, `data` where the file is not an index, or of another dataset.
  public static func open(root: URL, at location: URL? = nil) throws(BalanceError) -> DatasetIndex {
    let root = try resolvedRoot(root)
    let place = location ?? defaultLocation(root: root)
    if location == nil, !isWritable(root, place) {
      throw BalanceError(
        .cannotCreate, "the folder is read-only, so the index cannot be kept in it", at: root.path,
        remedy: "choose another place for the index with --index FILE")
    }
    try AtomicFile.makeFolder(place.deletingLastPathComponent())
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(30)
    configuration.label = "balance index"
    do {
      let queue = try connect(place, configuration)
      try IndexSchema.prepare(queue, at: place)
      let index = DatasetIndex(root: root, location: place, queue: queue)
      if location != nil { try index.refuseOtherDataset() }
      return index
    } catch let error as BalanceError {
      throw error
    } catch {
      throw explain(error, at: place)
    }
  }

  /// Tries for some seconds, since going over to WAL does not wait for other processes by itself.
  private static func connect(_ place: URL, _ configuration: Configuration) throws -> DatabaseQueue
  {
    for _ in 0..<100 {
      do { return try DatabaseQueue(path: place.path, configuration: configuration) } catch let
        error
        as DatabaseError where error.resultCode == .SQLITE_BUSY
      {
        usleep(50_000)
      }
    }
    return try DatabaseQueue(path: place.path, configuration: configuration)
  }

  private init(root: URL, location: URL, queue: DatabaseQueue) {
    self.root = root
    self.location = location
    self.queue = queue
    // Kept for ever, though it is closed with the index: what goes with it has Dispatch start a
    // thread, and where the system gives none Dispatch tries again without end.
    _ = Unmanaged.passRetained(queue)
  }

  deinit { try? queue.close() }

  /// Whether a finished `update` stands behind what the index says.
  public func isComplete() throws(BalanceError) -> Bool {
    try read { db in
      try Bool.fetchOne(db, sql: "SELECT complete FROM source") ?? false
    }
  }

  /// Where the images came from at the last update; nil before the first.
  public func source() throws(BalanceError) -> DatasetSource? {
    try storedSource()?.source
  }

  func storedSource() throws(BalanceError) -> (source: DatasetSource, allowsOutside: Bool)? {
    try read { db in
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT specification, allow_outside_root FROM source")
      else { return nil }
      let text: String = row[0]
      return (try CanonicalJSON.decode(DatasetSource.self, from: Data(text.utf8)), row[1])
    }
  }

  private func refuseOtherDataset() throws(BalanceError) {
    let other = try read { db in try String.fetchOne(db, sql: "SELECT root FROM source") }
    guard let other, other != root.path else { return }
    throw BalanceError(
      .data, "is the index of another dataset, \(other)", at: location.path,
      remedy: "choose another file with --index, or delete this one if the dataset was moved")
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
    guard let error = error as? DatabaseError else {
      return BalanceError(
        .software, "the index failed: \(Printable.folded(error))", at: location.path)
    }
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    return switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      BalanceError(
        .data, "is not an index, or a damaged one (\(reason))", at: location.path,
        remedy: "delete the file and index again, or choose another with --index FILE")
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_FULL, .SQLITE_IOERR:
      BalanceError(
        .cannotCreate, "the index cannot be written (\(reason))", at: location.path,
        remedy: "check permissions and room on the disk, or choose another place with --index FILE")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      BalanceError(
        .cannotCreate, "another process is writing the index", at: location.path,
        remedy: "wait for it to end")
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

  /// Whether an index may stand at its default place. A folder whose mode lets nobody write is
  /// left alone even where the user could override that.
  static func isWritable(_ root: URL, _ place: URL) -> Bool {
    let folder = place.deletingLastPathComponent().path
    let path = access(folder, F_OK) == 0 ? folder : root.path
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & 0o222 != 0 && access(path, W_OK) == 0
  }
}
