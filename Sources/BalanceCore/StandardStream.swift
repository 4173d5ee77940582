package import Foundation

/// Standard output, standard error or another open stream as a file, which can be full, closed, or
/// without a reader.
package struct StandardStream: Sendable {
  package static let output = StandardStream(STDOUT_FILENO, "standard output")
  package static let error = StandardStream(STDERR_FILENO, "standard error")

  private let descriptor: Int32
  private let name: String

  /// - Parameter name: of the stream, for errors.
  init(_ descriptor: Int32, _ name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Makes a stream whose reader has gone an error of the write, instead of the program's end; and
  /// gives streams that were closed when the program began to the null device, so that no file
  /// which is opened later takes their place and is written into.
  package static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    for descriptor in STDIN_FILENO...STDERR_FILENO
    where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest number that is free is the one just looked at. Writing to what is open for
      // reading fails as writing to what is closed does.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes all of `text`.
  ///
  /// - Throws: `BalanceError` with code `output`, or `readerGone` where nobody reads the stream any
  ///   more; a part may have been written.
  package func write(_ text: String) throws(BalanceError) {
    try write(Data(text.utf8))
  }

  /// Writes all of `data`.
  ///
  /// - Throws: as `write(_:)` for text.
  package func write(_ data: Data) throws(BalanceError) {
    let code = data.withUnsafeBytes { bytes -> Int32 in
      var rest = bytes
      while !rest.isEmpty {
        let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if count >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if errno == EAGAIN || errno == EWOULDBLOCK {
          waitUntilWritable()
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
    guard code != 0 else { return }
    if code == EPIPE { throw BalanceError(.readerGone, "nobody reads it any more", at: name) }
    let reason = code == EBADF ? "it is closed" : String(cString: strerror(code))
    throw BalanceError(
      .output, "cannot be written (\(reason))", at: name,
      remedy: "give it a place that has space, or none that is closed")
  }

  /// A stream that another program has set to return at once is waited for all the same.
  private func waitUntilWritable() {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = poll(&wanted, 1, -1)
  }
}
