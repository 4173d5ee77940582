public import Foundation

/// Opens files that a user, a dataset or a run folder names: files only, and never waiting for one.
///
/// Opening a named pipe waits for its other end, and reading a terminal or a device may never end.
/// What a shell hands over as a stream is open already and is taken: `/dev/stdin` and `/dev/fd/63`,
/// as `<(zcat labels.csv.gz)` makes it.
public enum RegularFile {
  /// A descriptor to read from, which the caller closes, and the file's size in bytes.
  ///
  /// - Parameter followsLink: whether the path itself may be a symbolic link.
  /// - Throws: `BalanceError` with code `noInput`, naming the path.
  public static func open(_ path: String, followsLink: Bool = true) throws(BalanceError)
    -> (descriptor: Int32, size: Int)
  {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLink ? 0 : O_NOFOLLOW)
    let descriptor = Foundation.open(path, flags)
    guard descriptor >= 0 else { throw refusal(reason(errno), path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let cause = errno
      close(descriptor)
      throw refusal(reason(cause), path)
    }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFIFO || kind == S_IFCHR, path == "/dev/stdin" || handedOver(path) != nil {
      // The reads that follow wait for the other end, as the shell's own programs do.
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
      return (descriptor, 0)
    }
    guard kind == S_IFREG else {
      close(descriptor)
      throw refusal(kind == S_IFDIR ? "is a folder, expected a file" : unreadable(kind), path)
    }
    return (descriptor, Int(status.st_size))
  }

  /// The whole file.
  ///
  /// - Parameter limit: bytes that it may have at most.
  /// - Throws: `BalanceError`: `noInput` where it cannot be read, `data` where it is larger.
  public static func read(_ url: URL, limit: Int = .max) throws(BalanceError) -> Data {
    let (descriptor, size) = try open(url.path)
    defer { close(descriptor) }
    return try read(descriptor, size: size, url.path, limit: limit)
  }

  /// Standard input to its end.
  ///
  /// - Throws: as `read(_:limit:)`, also where it is closed.
  package static func readStandardInput(limit: Int) throws(BalanceError) -> Data {
    try read(STDIN_FILENO, size: 0, "standard input", limit: limit)
  }

  private static func read(_ descriptor: Int32, size: Int, _ place: String, limit: Int)
    throws(BalanceError) -> Data
  {
    func tooLarge() -> BalanceError {
      BalanceError(
        .data, "is larger than \(limit) bytes, which no such file is", at: place,
        remedy: "check that it is the right one")
    }
    guard size <= limit else { throw tooLarge() }
    var data = Data(capacity: size)
    var chunk = [UInt8](repeating: 0, count: max(1 << 12, min(size + 1, 1 << 20)))
    while true {
      let count = Foundation.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw refusal(reason(errno), place) }
      if count == 0 { return data }
      guard data.count + count <= limit else { throw tooLarge() }
      data.append(contentsOf: chunk[..<count])
    }
  }

  /// The number of a stream that is open in this process, where a path names one by it.
  static func handedOver(_ path: String) -> Int32? {
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasBytePrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }

  private static func unreadable(_ kind: mode_t) -> String {
    switch kind {
    case S_IFIFO: "is a pipe, expected a file"
    case S_IFSOCK: "is a socket, expected a file"
    default: "is a device, expected a file"
    }
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT, ENOTDIR: "there is no such file"
    case ELOOP: "is a link, expected a file"
    case ENXIO: unreadable(S_IFSOCK)
    default: "cannot be read (\(String(cString: strerror(code))))"
    }
  }

  private static func refusal(_ what: String, _ path: String) -> BalanceError {
    BalanceError(.noInput, what, at: path, remedy: "check the path")
  }
}
