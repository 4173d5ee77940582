import BalanceCore
import Foundation
import Synchronization

/// Writes a cache segment under a temporary name, from any number of threads, and gives it its
/// name when it is whole and on the disk.
final class SegmentWriter: Sendable {
  private let folder: URL
  private let temporary: URL
  private let layout: PixelLayout
  private let keys: [ContentKey]
  /// Of the images' pixels.
  private let checksums: Mutex<[UInt64]>
  private let descriptor: Int32

  /// - Throws: `BalanceError` with code `cannotCreate`, also where the disk has not enough space.
  init(folder: URL, keys: [ContentKey], layout: PixelLayout) throws(BalanceError) {
    self.folder = folder
    self.layout = layout
    self.keys = keys
    checksums = Mutex([UInt64](repeating: 0, count: keys.count))
    temporary = folder.appendingPathComponent(
      ".\(CacheSegment.namePrefix(layout))\(UInt32.random(in: 0 ... .max)).tmp")
    let needed = CacheSegment.fileSize(count: keys.count, layout: layout)
    if let room = DiskSpace.free(at: folder), room < needed {
      descriptor = -1
      throw failure("\(DiskSpace.text(room)) are free")
    }
    Scratch.begin(temporary)
    do throws(POSIXError) { descriptor = try NewFile.create(temporary.path) } catch {
      descriptor = -1
      Scratch.end(temporary)
      throw failure(Self.words(error.code.rawValue))
    }
    // Says that somebody is still writing, until the file is closed or the process dies.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  /// Writes whole images from `slot` on.
  func write(_ pixels: UnsafeRawBufferPointer, slot: Int) throws(BalanceError) {
    let images = pixels.count / layout.stride
    let sums = (0..<images).map { image in
      let range = image * layout.stride..<(image + 1) * layout.stride
      return CacheSegment.checksum(of: UnsafeRawBufferPointer(rebasing: pixels[range]))
    }
    checksums.withLock { $0.replaceSubrange(slot..<slot + images, with: sums) }
    try write(pixels, at: CacheSegment.pixelOffset(count: keys.count) + slot * layout.stride)
  }

  /// Writes the table, flushes the file and names it. Nothing may be written afterwards.
  func finish() throws(BalanceError) -> URL {
    let entries = checksums.withLock { sums in
      zip(keys, sums).map { CacheSegment.StoredImage(key: $0, checksum: $1) }
    }
    let prefix = CacheSegment.prefix(entries, layout: layout)
    let url = folder.appendingPathComponent(CacheSegment.name(prefix: prefix, layout: layout))
    do throws(BalanceError) {
      try write(prefix)
      guard fsync(descriptor) == 0, rename(temporary.path, url.path) == 0 else {
        throw failure(Self.words(errno))
      }
    } catch {
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

  private func write(_ prefix: [UInt8]) throws(BalanceError) {
    let result = prefix.withUnsafeBytes { bytes in
      Result { () throws(BalanceError) in try write(bytes, at: 0) }
    }
    try result.get()
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(BalanceError) {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let result = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
      if result < 0, errno == EINTR { continue }
      guard result > 0 else { throw failure(Self.words(result == 0 ? ENOSPC : errno)) }
      written += result
    }
  }

  /// Bytes that the file will have.
  private var size: Int { CacheSegment.fileSize(count: keys.count, layout: layout) }

  private static func words(_ code: Int32) -> String { String(cString: strerror(code)) }

  private func failure(_ reason: String) -> BalanceError {
    BalanceError(
      .cannotCreate, "the pixel cache cannot be written (\(reason))", at: folder.path,
      remedy:
        "it needs \(DiskSpace.text(size)): free space there ('balance cache' lists what can go), "
        + "or choose another place with --index")
  }
}
