public import Foundation

/// Writes files that a user names: the counterpart of `RegularFile`.
///
/// A file appears whole or not at all, also behind a link, which stays. Devices, pipes and streams
/// that a shell hands over (`/dev/stdout`, `>(gzip)`) are written into: a file of the same name is
/// not what was meant.
public enum OutputFile {
  /// Writes all of `data`.
  ///
  /// - Throws: `BalanceError`: `cannotCreate` as `AtomicFile.write`, and for a folder or a socket;
  ///   `output` or `readerGone` where what is written into does not take it.
  public static func write(_ data: Data, to url: URL) throws(BalanceError) {
    let path = url.path
    let standard = ["/dev/stdout": STDOUT_FILENO, "/dev/stderr": STDERR_FILENO]
    if let descriptor = standard[path] ?? RegularFile.handedOver(path) {
      return try StandardStream(descriptor, path).write(data)
    }
    var status = stat()
    guard stat(path, &status) == 0 else { return try AtomicFile.write(data, to: target(of: url)) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: try AtomicFile.write(data, to: target(of: url))
    case S_IFDIR: throw refusal("is a folder, expected a file", path)
    default: try stream(data, into: path)
    }
  }

  /// Writes UTF-8 text.
  ///
  /// - Throws: as `write(_:to:)` for data.
  public static func write(_ text: String, to url: URL) throws(BalanceError) {
    try write(Data(text.utf8), to: url)
  }

  /// Refuses two outputs of which one would replace the other.
  ///
  /// - Throws: `BalanceError` with code `usage`.
  package static func refuseSame(_ first: URL, _ second: URL, options: String) throws(BalanceError)
  {
    guard target(of: first).standardizedFileURL.path == target(of: second).standardizedFileURL.path
    else { return }
    throw BalanceError(
      .usage, "\(options) name the same file", at: first.path, remedy: "give each its own")
  }

  /// What a path leads to behind links, which may be nothing yet.
  package static func target(of url: URL) -> URL {
    var url = url
    // As many as Linux follows.
    for _ in 0..<40 {
      guard
        let next = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)
      else { break }
      url = URL(fileURLWithPath: next, relativeTo: url.deletingLastPathComponent()).absoluteURL
    }
    return url
  }

  /// Waits for the reader of a pipe, as a shell does.
  private static func stream(_ data: Data, into path: String) throws(BalanceError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw refusal("cannot be written (\(String(cString: strerror(errno))))", path)
    }
    defer { close(descriptor) }
    try StandardStream(descriptor, path).write(data)
  }

  private static func refusal(_ what: String, _ path: String) -> BalanceError {
    BalanceError(.cannotCreate, what, at: path, remedy: "choose another file")
  }
}
