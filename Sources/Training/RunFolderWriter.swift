public import BalanceCore
public import Foundation

/// Writes a run folder beside its place and renames it when it is whole.
public final class RunFolderWriter {
  /// Where the run will stand.
  public let url: URL
  /// Where it is written until then.
  private let temporary: URL
  private let replaces: Bool
  private var isOpen = true

  /// Makes the temporary folder, so that a place which cannot be written is found out before any
  /// training.
  ///
  /// - Parameter replacing: whether a run that stands at `url` may be replaced. Anything else that
  ///   stands there is left alone.
  /// - Throws: `BalanceError` with code `cannotCreate`.
  public init(at url: URL, replacing: Bool = false) throws(BalanceError) {
    let url = url.standardizedFileURL
    replaces = FileManager.default.fileExists(atPath: url.path)
    if replaces {
      guard RunFolder.isRun(url) else {
        throw BalanceError(
          .cannotCreate, "exists and is not a run", at: url.path, remedy: "choose another --out")
      }
      guard replacing else {
        throw BalanceError(
          .cannotCreate, "a run stands there already", at: url.path,
          remedy: "choose another --out, or replace it with --force")
      }
    }
    let parent = url.deletingLastPathComponent()
    try AtomicFile.makeFolder(parent)
    let unique = String(UInt32.random(in: 0 ... .max), radix: 16)
    temporary = parent.appendingPathComponent(".\(url.lastPathComponent).partial-\(unique)")
    Scratch.begin(temporary)
    do { try AtomicFile.makeFolder(temporary) } catch {
      Scratch.end(temporary)
      throw error
    }
    self.url = url
  }

  deinit { cancel() }

  /// Where a file of the run is to be written before `finish`.
  public func location(_ file: RunFolder.File) -> URL {
    temporary.appendingPathComponent(file.rawValue)
  }

  public func write(_ data: Data, _ file: RunFolder.File) throws(BalanceError) {
    try AtomicFile.write(data, to: location(file))
  }

  /// Gives the run its name.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate`; the temporary folder is removed, and a run
  ///   that was to be replaced stands where it stood.
  @discardableResult
  public func finish() throws(BalanceError) -> RunFolder {
    let manager = FileManager.default
    let old = temporary.appendingPathExtension("old")
    if replaces, rename(url.path, old.path) != 0 { throw failed() }
    guard rename(temporary.path, url.path) == 0 else {
      let error = failed()
      if replaces { _ = rename(old.path, url.path) }
      throw error
    }
    isOpen = false
    Scratch.end(temporary)
    if replaces { try? manager.removeItem(at: old) }
    return try RunFolder(opening: url)
  }

  /// Removes what was written; does nothing after `finish`.
  public func cancel() {
    guard isOpen else { return }
    isOpen = false
    try? FileManager.default.removeItem(at: temporary)
    Scratch.end(temporary)
  }

  private func failed() -> BalanceError {
    let reason = String(cString: strerror(errno))
    return BalanceError(
      .cannotCreate, "the run cannot be put there (\(reason))", at: url.path,
      remedy: "choose another --out")
  }
}
