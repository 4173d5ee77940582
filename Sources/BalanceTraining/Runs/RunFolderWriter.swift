public import BalanceCore
public import Foundation

/// Writes a run folder: at its place from the beginning, so that a run which is cut off at any
/// moment can go on; `RunFolder.File.record` comes last and makes it a finished run.
public final class RunFolderWriter {
  /// Where the run is.
  public let url: URL
  /// Whether a run that was begun earlier goes on.
  public let resumes: Bool
  /// Names of files that are in the folder and are no run's: they stay where they are.
  public let foreignFiles: [String]
  /// Held as long as the run goes on, so that no other process writes there.
  private let lock: FolderLock
  private var isOpen = true
  private var hasBegun: Bool

  /// A new run. The folder is made at once, so that a place which cannot be written is found out
  /// before any training; a run that is there is left alone until `begin`.
  ///
  /// - Parameter replacing: whether a run that is at `url` may be replaced. Anything else that
  ///   is there is left alone, and so are files beside the run's own.
  /// - Throws: `BalanceError` with code `cannotCreate`.
  public init(at url: URL, replacing: Bool = false) throws(BalanceError) {
    let url = url.standardizedFileURL
    func refuse(_ what: String, _ remedy: String) -> BalanceError {
      BalanceError(.cannotCreate, what, at: url.path, remedy: remedy)
    }
    // What is there is looked at under the lock: another process may end its run meanwhile.
    lock = try FolderLock(making: url)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path) else {
      throw refuse("exists and is not a run", "choose another --out")
    }
    foreignFiles = names.filter { !RunFolder.isOwn($0) }.sorted()
    if RunFolder.isOfThisProgram(url) {
      let isUnfinished = RunFolder.isUnfinished(url)
      guard replacing else {
        throw isUnfinished
          ? refuse(
            "there is an unfinished run",
            "go on with it: balance train --resume \(ShellText.word(url.relativePath)), or replace it with --force"
          )
          : refuse(
            "there is a run already", "choose another --out, or replace it with --force")
      }
    } else if !names.allSatisfy(RunFolder.isHalfWritten) {
      throw refuse("exists and is not a run", "choose another --out")
    }
    self.url = url
    resumes = false
    hasBegun = false
  }

  /// A run that was cut off, with or without a checkpoint.
  ///
  /// - Throws: `BalanceError` where no unfinished run is there, or another process trains it.
  public init(resuming url: URL) throws(BalanceError) {
    let url = url.standardizedFileURL
    lock = try FolderLock(existing: url)
    guard !RunFolder.isRun(url) else {
      throw BalanceError(
        .usage, "is finished; there is nothing to resume", at: url.path,
        remedy: "look at it with 'balance evaluate', or train another run")
    }
    _ = try RunOrigin(reading: url)
    self.url = url
    foreignFiles = []
    resumes = true
    hasBegun = true
    removeLeftovers()
  }

  deinit { cancel() }

  /// Refuses to write into the folder that the weights come from: they are needed as long as the
  /// run is not finished.
  ///
  /// - Parameter source: a run, or a file of weights.
  /// - Throws: `BalanceError` with code `usage`.
  func refuse(source: URL) throws(BalanceError) {
    let own = FileIdentity(url)
    guard own != FileIdentity(source), own != FileIdentity(source.deletingLastPathComponent())
    else {
      throw BalanceError(
        .usage, "is the run that the weights come from", at: url.path,
        remedy: "choose another --out: the run is needed as it is")
    }
  }

  public func location(_ file: RunFolder.File) -> URL { url.appendingPathComponent(file.rawValue) }

  /// Where the run can go on; nil where it was cut off before its first checkpoint.
  public var checkpoint: URL? { has(.checkpoint) ? location(.checkpoint) : nil }

  func has(_ file: RunFolder.File) -> Bool { RunFolder.has(file, url) }

  public func write(_ data: Data, _ file: RunFolder.File) throws(BalanceError) {
    try AtomicFile.write(data, to: location(file))
  }

  /// Removes what is to be replaced, and writes what it takes to go on if the run is cut off.
  public func begin(_ origin: RunOrigin) throws {
    hasBegun = true
    // The record first and the origin not at all: what is half removed is an unfinished run.
    unlink(location(.record).path)
    removeOwn { $0 != RunFolder.File.origin.rawValue }
    try write(CanonicalJSON.encode(origin), .origin)
  }

  /// Makes the run a finished one, whose record knows what its files of results hold.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate`; the run can go on from its last checkpoint.
  @discardableResult
  public func finish(_ record: RunRecord) throws -> RunFolder {
    var record = record
    record.files = try ResultFiles.hashes(in: url)
    try write(CanonicalJSON.encode(record), .record)
    isOpen = false
    unlink(location(.checkpoint).path)
    return try RunFolder(opening: url, evenDiverged: true)
  }

  /// Removes a run without a checkpoint, from which it could not go on, and the folder where this
  /// writer made it. Does nothing after `finish`, and to a run that is resumed.
  public func cancel() {
    guard isOpen else { return }
    isOpen = false
    guard checkpoint == nil, !resumes else { return removeLeftovers() }
    if hasBegun {
      removeOwn { $0 != RunFolder.File.origin.rawValue }
      unlink(location(.origin).path)
    }
    // Fails where anything is left in it, as it should.
    if lock.madeFolder { rmdir(url.path) }
  }

  /// Removes what a process has left in the folder of a finished run that was killed in its last
  /// moment. Does nothing where another process works in it.
  package static func tidy(_ url: URL) {
    guard RunFolder.isRun(url), let lock = try? FolderLock(existing: url) else { return }
    withExtendedLifetime(lock) {
      removeOwn(in: url) { RunFolder.isHalfWritten($0) || $0 == RunFolder.File.checkpoint.rawValue }
    }
  }

  /// Removes half-written files of a process that was killed.
  private func removeLeftovers() { removeOwn(where: RunFolder.isHalfWritten) }

  private func removeOwn(where isWanted: (String) -> Bool) {
    Self.removeOwn(in: url, where: isWanted)
  }

  private static func removeOwn(in url: URL, where isWanted: (String) -> Bool) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    where RunFolder.isOwn(name) && isWanted(name) {
      unlink(url.appendingPathComponent(name).path)
    }
  }
}
