import CBalanceMapGuard
package import Foundation

/// The bytes of a regular file, mapped into memory, as many as it has when it is opened.
///
/// A file that becomes shorter afterwards, or whose disk fails, reads as zeros from there on
/// instead of ending the program; `check` says so. Whoever has read bytes calls it before using
/// them.
///
/// `@unchecked Sendable`: nothing changes after `init`, and the guard's state is atomic.
package final class MappedFile: @unchecked Sendable {
  package let url: URL
  /// Valid as long as this object.
  package let bytes: UnsafeRawBufferPointer
  private let descriptor: Int32
  private let guardNumber: Int32

  /// - Parameter followsLink: whether the path itself may be a symbolic link.
  /// - Throws: `BalanceError` with code `noInput` for what is no regular file or cannot be opened.
  package init(_ url: URL, followsLink: Bool = true) throws(BalanceError) {
    self.url = url
    let (descriptor, length) = try RegularFile.open(url.path, followsLink: followsLink)
    if length == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      guardNumber = -1
    } else if let start = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0),
      start != MAP_FAILED
    {
      bytes = UnsafeRawBufferPointer(start: start, count: length)
      guardNumber = map_guard_add(start, length)
    } else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw BalanceError(
        .noInput, "cannot be mapped (\(reason))", at: url.path, remedy: "check the path")
    }
    self.descriptor = descriptor
  }

  /// Of a regular file; nil for anything else.
  private static func size(_ descriptor: Int32) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(exactly: status.st_size)
  }

  deinit {
    map_guard_remove(guardNumber)
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
    close(descriptor)
  }

  /// The bytes as data, which keeps the file mapped.
  package var data: Data {
    guard let start = bytes.baseAddress else { return Data() }
    return Data(
      bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: bytes.count,
      deallocator: .custom { [self] _, _ in withExtendedLifetime(self) {} })
  }

  package func starts(with prefix: some Sequence<UInt8>) -> Bool { bytes.starts(with: prefix) }

  /// - Throws: `BalanceError` with code `noInput` where some of what was read was not there any
  ///   more.
  package func check() throws(BalanceError) {
    // What is cut off within a page reads as zeros without a signal.
    let isWhole = Self.size(descriptor).map { $0 >= bytes.count } ?? false
    guard map_guard_failed(guardNumber) || !isWhole else { return }
    throw BalanceError(
      .noInput, "has become shorter, or its disk failed, while it was read", at: url.path,
      remedy: "let nothing change the file meanwhile, and try again")
  }
}
