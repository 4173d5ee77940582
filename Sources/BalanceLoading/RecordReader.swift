import BalanceCore
import BalanceDatasets
import BalanceImages
import Foundation

/// Reads the files of image records, one after the other into the same memory.
struct RecordReader: ~Copyable {
  private let root: URL
  private let layout: PixelLayout
  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)

  init(root: URL, layout: PixelLayout) {
    self.root = root
    self.layout = layout
  }

  deinit { buffer.deallocate() }

  /// Decodes, turns upright and resizes the record's file into `target`.
  ///
  /// - Throws: `BalanceError` naming the record's path: `noInput` where the file cannot be read,
  ///   `data` where it is damaged or is not the file that was indexed.
  mutating func read(
    _ record: ImageRecord, into target: UnsafeMutableRawBufferPointer
  ) throws(BalanceError) {
    let bytes = try contents(of: record)
    guard ContentHash(of: bytes).hex == record.contentHash else {
      throw BalanceError(
        .data, "has changed since it was indexed", at: record.path,
        remedy: "index the dataset again with 'balance index --reread'")
    }
    var image: PixelImage
    do throws(BalanceError) {
      image = try ImageCodec.decode(bytes, channels: layout.channels, range: layout.range)
    } catch {
      throw BalanceError(
        error.code, error.what, at: record.path,
        remedy: "index the dataset again with 'balance index --reread' to have it skipped")
    }
    image = image.resized(width: layout.width, height: layout.height)
    image.pixels.withUnsafeBytes { target.copyMemory(from: $0) }
  }

  private mutating func contents(of record: ImageRecord) throws(BalanceError)
    -> UnsafeRawBufferPointer
  {
    func failure(_ what: String) -> BalanceError {
      BalanceError(
        .noInput, what, at: record.path, remedy: "index the dataset again to have it skipped")
    }
    let descriptor: Int32
    do throws(BalanceError) {
      descriptor = try RegularFile.open(record.url(root: root).path).descriptor
    } catch { throw failure(error.what) }
    defer { close(descriptor) }
    var length = 0
    while true {
      if length == buffer.count {
        let larger = UnsafeMutableRawBufferPointer.allocate(
          byteCount: buffer.count * 4, alignment: 64)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<length]))
        buffer.deallocate()
        buffer = larger
      }
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[length...])
      let count = Foundation.read(descriptor, room.baseAddress, room.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw failure("cannot be read (\(String(cString: strerror(errno))))")
      }
      if count == 0 { return UnsafeRawBufferPointer(rebasing: buffer[..<length]) }
      length += count
    }
  }
}
