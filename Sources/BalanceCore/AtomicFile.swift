public import Foundation

/// Writes whole files: a reader sees the old content or the new, never a part.
public enum AtomicFile {
  /// Writes `data` beside `url` under a temporary name, flushes it to the disk, and renames it.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate`, naming the path and the system's reason;
  ///   the temporary file is removed and what was at `url` is untouched.
  public static func write(_ data: Data, to url: URL) throws(BalanceError) {
    let temporary = temporary(for: url)
    Scratch.begin(temporary)
    defer { Scratch.end(temporary) }
    do {
      let handle = FileHandle(
        fileDescriptor: try NewFile.create(temporary.path), closeOnDealloc: true)
      try handle.write(contentsOf: data)
      try handle.synchronize()
      guard rename(temporary.path, url.path) == 0 else {
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw BalanceError(
        .cannotCreate, "cannot be written (\(reason(error)))", at: url.path,
        remedy: "check that the folder exists, that you may write to it, and that there is space")
    }
  }

  /// Of a long name only what leaves room for the rest: 255 bytes are the most in a folder.
  private static func temporary(for url: URL) -> URL {
    var name = url.lastPathComponent
    while name.utf8.count > 200 { name.removeLast() }
    return url.deletingLastPathComponent()
      .appendingPathComponent(".\(name).\(UInt32.random(in: 0 ... .max)).tmp")
  }

  /// The name of the file that one of this name is written for, as it is beside it until it is
  /// whole; nil for any other name.
  package static func finalName(ofTemporary name: String) -> String? {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 3, parts.removeFirst().isEmpty, parts.removeLast() == "tmp",
      UInt32(parts.removeLast()) != nil
    else { return nil }
    return parts.joined(separator: ".")
  }

  /// Writes UTF-8 text; see `write(_:to:)` for data.
  public static func write(_ text: String, to url: URL) throws(BalanceError) {
    try write(Data(text.utf8), to: url)
  }

  /// Makes a folder and those above it.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate`, naming the folder and, where that is
  ///   another one, the path at which the system refused.
  public static func makeFolder(_ url: URL) throws(BalanceError) {
    guard let (obstacle, reason) = refusal(of: url) else { return }
    let cause = obstacle.path == url.path ? reason : "\(obstacle.path): \(reason)"
    throw BalanceError(
      .cannotCreate, "the folder cannot be made (\(cause))", at: url.path,
      remedy: "choose a place that you may write to")
  }

  /// Makes a folder and those above it; nil when it is there, else where and why not.
  private static func refusal(of url: URL) -> (URL, String)? {
    if isDirectory(url) { return nil }
    let parent = url.deletingLastPathComponent()
    if parent.path != url.path, let refusal = refusal(of: parent) { return refusal }
    if mkdir(url.path, 0o777) == 0 { return nil }
    let cause = errno
    // Another process may have made it in the meantime.
    return isDirectory(url) ? nil : (url, String(cString: strerror(cause)))
  }

  private static func isDirectory(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// The system's words for an error, without the wrapping that Foundation adds.
  private static func reason(_ error: any Error) -> String {
    if let posix = error as? POSIXError { return String(cString: strerror(posix.code.rawValue)) }
    let nsError = error as NSError
    if let under = nsError.userInfo[NSUnderlyingErrorKey] as? NSError,
      under.domain == NSPOSIXErrorDomain
    {
      return String(cString: strerror(Int32(under.code)))
    }
    return nsError.localizedDescription
  }
}
