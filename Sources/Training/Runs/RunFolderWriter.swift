public import BalanceCore
public import Foundation

/// Writes a run folder: at its place from the beginning, so that a run which is cut off at any moment
/// can go on; `RunFolder.File.record` comes last and makes it a finished run.
public final class RunFolderWriter {
  /// Where the run stands.
  public let url: URL
  /// Whether a run that was begun earlier goes on.
  public let resumes: Bool
  /// Whether the folder was made by this writer.
  private let makesFolder: Bool
  /// Held as long as the run goes on, so that no other process writes there.
  private let lock: FolderLock
  private var isOpen = true
  private var hasBegun: Bool

  /// A new run. The folder is made at once, so that a place which cannot be written is found out
  /// before any training; a run that stands there is left alone until `begin`.
  ///
  /// - Parameter replacing: whether a run that stands at `url` may be replaced. Anything else that
  ///   stands there is left alone.
  /// - Throws: `BalanceError` with code `cannotCreate`.
  public init(at url: URL, replacing: Bool = false) throws(BalanceError) {
    let url = url.standardizedFileURL
    func refuse(_ what: String, _ remedy: String) -> BalanceError {
      BalanceError(.cannotCreate, what, at: url.path, remedy: remedy)
    }
    let exists = FileManager.default.fileExists(atPath: url.path)
    let isUnfinished = RunFolder.isUnfinished(url)
    if isUnfinished || RunFolder.isRun(url) {
      guard replacing else {
        throw isUnfinished
          ? refuse(
            "an unfinished run stands there",
            "go on with it: balance train --resume \(ShellText.word(url.relativePath)), or replace it with --force"
          )
          : refuse(
            "a run stands there already", "choose another --out, or replace it with --force")
      }
    } else if exists, !Self.holdsOnlyRemains(url) {
      throw refuse("exists and is not a run", "choose another --out")
    }
    try AtomicFile.makeFolder(url)
    do { lock = try FolderLock(url) } catch {
      if !exists { try? FileManager.default.removeItem(at: url) }
      throw error
    }
    self.url = url
    resumes = false
    makesFolder = !exists
    hasBegun = false
  }

  /// A run that was cut off, with or without a checkpoint.
  ///
  /// - Throws: `BalanceError` where no unfinished run stands there, or another process trains it.
  public init(resuming url: URL) throws(BalanceError) {
    let url = url.standardizedFileURL
    guard !RunFolder.isRun(url) else {
      throw BalanceError(
        .usage, "is finished; there is nothing to resume", at: url.path,
        remedy: "look at it with 'balance evaluate', or train another run")
    }
    _ = try RunOrigin(reading: url)
    lock = try FolderLock(url)
    self.url = url
    resumes = true
    makesFolder = false
    hasBegun = true
    removeLeftovers()
  }

  deinit { cancel() }

  public func location(_ file: RunFolder.File) -> URL { url.appendingPathComponent(file.rawValue) }

  /// Where the run can go on; nil where it was cut off before its first checkpoint.
  public var checkpoint: URL? {
    let place = location(.checkpoint)
    return FileManager.default.fileExists(atPath: place.path) ? place : nil
  }

  public func write(_ data: Data, _ file: RunFolder.File) throws(BalanceError) {
    try AtomicFile.write(data, to: location(file))
  }

  /// Removes what is to be replaced, and writes what it takes to go on if the run is cut off.
  public func begin(_ origin: RunOrigin, manifest: String) throws {
    hasBegun = true
    // The record first and the origin not at all: what is half removed is an unfinished run.
    try? FileManager.default.removeItem(at: location(.record))
    empty(except: [RunFolder.File.origin.rawValue])
    try write(Data(manifest.utf8), .manifest)
    try write(CanonicalJSON.encode(origin), .origin)
  }

  /// Makes the run a finished one.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate`; the run can go on from its last checkpoint.
  @discardableResult
  public func finish(_ record: RunRecord) throws -> RunFolder {
    try write(CanonicalJSON.encode(record), .record)
    isOpen = false
    try? FileManager.default.removeItem(at: location(.checkpoint))
    return try RunFolder(opening: url, evenDiverged: true)
  }

  /// Removes a run without a checkpoint, from which it could not go on, and the folder where this
  /// writer made it. Does nothing after `finish`, and to a run that is resumed.
  public func cancel() {
    guard isOpen else { return }
    isOpen = false
    guard checkpoint == nil, !resumes else { return removeLeftovers() }
    if hasBegun { empty(except: []) }
    if makesFolder { try? FileManager.default.removeItem(at: url) }
  }

  private func empty(except kept: Set<String>) {
    let manager = FileManager.default
    for name in (try? manager.contentsOfDirectory(atPath: url.path)) ?? []
    where !kept.contains(name) {
      try? manager.removeItem(at: url.appendingPathComponent(name))
    }
  }

  /// Whether a folder is empty, or holds only what a run leaves that is killed while it begins.
  private static func holdsOnlyRemains(_ url: URL) -> Bool {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path) else {
      return false
    }
    return names.allSatisfy { isHalfWritten($0) || RunFolder.File(rawValue: $0) != nil }
  }

  private static func isHalfWritten(_ name: String) -> Bool {
    name.hasPrefix(".") && name.hasSuffix(".tmp")
  }

  /// Removes half-written files of a process that was killed.
  private func removeLeftovers() {
    let manager = FileManager.default
    for name in (try? manager.contentsOfDirectory(atPath: url.path)) ?? []
    where Self.isHalfWritten(name) {
      try? manager.removeItem(at: url.appendingPathComponent(name))
    }
  }
}

/// A folder that one process works in; free again when the process ends, however it ends.
final class FolderLock {
  private let descriptor: Int32

  /// - Throws: `BalanceError` with code `cannotCreate` where another process holds it.
  init(_ url: URL) throws(BalanceError) {
    descriptor = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // Where folders cannot be locked, as on some network disks, there is no protection.
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else {
      return
    }
    close(descriptor)
    throw BalanceError(
      .cannotCreate, "another process is training this run", at: url.path,
      remedy: "wait for it, or choose another --out")
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
