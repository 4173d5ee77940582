import BalanceCore
import Foundation

/// Writes a cache segment under a temporary name, from any number of threads, and gives it its
/// name when it is whole and on the disk.
final class SegmentWriter: Sendable {
  private let folder: URL
  private let temporary: URL
  private let name: String
  private let layout: PixelLayout
  private let count: Int
  private let descriptor: Int32

  /// - Throws: `BalanceError` with code `cannotCreate`.
  init(folder: URL, keys: [ContentKey], layout: PixelLayout) throws(BalanceError) {
    self.folder = folder
    self.layout = layout
    count = keys.count
    let prefix = CacheSegment.prefix(keys: keys, layout: layout)
    name = CacheSegment.name(prefix: prefix, layout: layout)
    temporary = folder.appendingPathComponent(".\(name).\(UInt32.random(in: 0 ... .max)).tmp")
    Scratch.begin(temporary)
    descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      Scratch.end(temporary)
      throw failure(errno)
    }
    // Says that somebody is still writing, until the file is closed or the process dies.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    do {
      try prefix.withUnsafeBytes { try Self.write($0, at: 0, to: descriptor) }
    } catch {
      abandon()
      throw failure((error as? POSIXError)?.code.rawValue ?? EIO)
    }
  }

  /// Writes the images from `slot` on.
  func write(_ pixels: UnsafeRawBufferPointer, slot: Int) throws(BalanceError) {
    do {
      let offset = CacheSegment.pixelOffset(count: count) + slot * layout.stride
      try Self.write(pixels, at: offset, to: descriptor)
    } catch {
      throw failure(error.code.rawValue)
    }
  }

  /// Flushes the file and names it. Nothing may be written afterwards.
  func finish() throws(BalanceError) -> URL {
    let url = folder.appendingPathComponent(name)
    guard fsync(descriptor) == 0, rename(temporary.path, url.path) == 0 else {
      let error = failure(errno)
      abandon()
      throw error
    }
    close(descriptor)
    Scratch.end(temporary)
    return url
  }

  /// Removes what was written.
  func abandon() {
    close(descriptor)
    unlink(temporary.path)
    Scratch.end(temporary)
  }

  /// Removes what killed processes left behind: temporary files that nobody holds a lock on, a
  /// minute old at least, since a new one gets its lock a moment after its name.
  static func removeLeftovers(in folder: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name.hasPrefix(".pixels-") && name.hasSuffix(".tmp") {
      let path = folder.appendingPathComponent(name).path
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var status = stat()
      guard fstat(descriptor, &status) == 0, -status.modified.timeIntervalSinceNow > 60,
        flock(descriptor, LOCK_EX | LOCK_NB) == 0
      else { continue }
      unlink(path)
    }
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, to descriptor: Int32
  ) throws(POSIXError) {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let result = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
      if result < 0, errno == EINTR { continue }
      guard result > 0 else {
        throw POSIXError(POSIXErrorCode(rawValue: result == 0 ? ENOSPC : errno) ?? .EIO)
      }
      written += result
    }
  }

  private func failure(_ code: Int32) -> BalanceError {
    let size = ByteCountFormatter.string(
      fromByteCount: Int64(CacheSegment.fileSize(count: count, layout: layout)), countStyle: .file)
    return BalanceError(
      .cannotCreate, "the pixel cache cannot be written (\(String(cString: strerror(code))))",
      at: folder.path, remedy: "it needs \(size): free space there or choose another folder")
  }
}

extension stat {
  /// When the file was last written to.
  fileprivate var modified: Date {
    #if os(Linux)
      Date(timeIntervalSince1970: Double(st_mtim.tv_sec))
    #else
      Date(timeIntervalSince1970: Double(st_mtimespec.tv_sec))
    #endif
  }
}
