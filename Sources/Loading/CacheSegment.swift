import Datasets
import Foundation
import Images

/// One file of a pixel cache, mapped into memory: immutable, whole, and never changed in place.
///
/// | bytes | what |
/// | --- | --- |
/// | 8 | `BALPIX02`; the number rises when decoding or resizing changes |
/// | 4 × 4 | width, height, channels, number of images (little-endian) |
/// | 8 | XXH3 of all that precedes and of the table |
/// | 16 × images | the table: content hash of each image's file |
/// | … | zeros up to a multiple of 4096, then the images, `[images, H, W, C]` |
final class CacheSegment: @unchecked Sendable {
  let keys: [ContentKey]
  private let layout: PixelLayout
  private let mapping: UnsafeMutableRawPointer
  private let length: Int

  /// Maps the file at `url`; nil where it is not a whole segment of this layout.
  init?(url: URL, layout: PixelLayout) {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size >= Self.prefixSize else { return nil }
    let length = Int(status.st_size)
    guard let mapping = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0),
      mapping != MAP_FAILED
    else { return nil }
    guard let keys = Self.readTable(UnsafeRawBufferPointer(start: mapping, count: length), layout)
    else {
      munmap(mapping, length)
      return nil
    }
    self.keys = keys
    self.layout = layout
    self.mapping = mapping
    self.length = length
  }

  deinit { munmap(mapping, length) }

  /// The pixels of the image in `slot`, valid as long as the segment lives.
  func pixels(slot: Int) -> UnsafePointer<UInt8> {
    precondition(keys.indices.contains(slot), "slot \(slot) of \(keys.count)")
    let offset = Self.pixelOffset(count: keys.count) + slot * layout.stride
    return UnsafePointer((mapping + offset).assumingMemoryBound(to: UInt8.self))
  }

  // MARK: The layout of the file

  private static let magic = Array("BALPIX02".utf8)
  private static let prefixSize = 32

  static func name(prefix: [UInt8], layout: PixelLayout) -> String {
    let checksum = prefix[24..<32].map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
    return namePrefix(layout) + checksum.joined() + ".cache"
  }

  static func namePrefix(_ layout: PixelLayout) -> String {
    let range = layout.range == .full ? "" : "r\(layout.range.low).\(layout.range.high)"
    return "pixels-\(layout.width)x\(layout.height)x\(layout.channels)\(range)-"
  }

  /// Where the first image begins.
  static func pixelOffset(count: Int) -> Int {
    (prefixSize + count * ContentKey.byteCount + 4095) / 4096 * 4096
  }

  static func fileSize(count: Int, layout: PixelLayout) -> Int {
    pixelOffset(count: count) + count * layout.stride
  }

  /// Everything in front of the pixels.
  static func prefix(keys: [ContentKey], layout: PixelLayout) -> [UInt8] {
    var bytes = magic
    for value in [layout.width, layout.height, layout.channels, keys.count] {
      withUnsafeBytes(of: UInt32(value).littleEndian) { bytes.append(contentsOf: $0) }
    }
    var table: [UInt8] = []
    for key in keys {
      withUnsafeBytes(of: key.high.littleEndian) { table.append(contentsOf: $0) }
      withUnsafeBytes(of: key.low.littleEndian) { table.append(contentsOf: $0) }
    }
    bytes += checksum(bytes + table) + table
    bytes += [UInt8](repeating: 0, count: pixelOffset(count: keys.count) - bytes.count)
    return bytes
  }

  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { Array(ContentHash(of: $0).bytes.prefix(8)) }
  }

  private static func readTable(_ file: UnsafeRawBufferPointer, _ layout: PixelLayout)
    -> [ContentKey]?
  {
    func word32(_ offset: Int) -> Int {
      Int(UInt32(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    func word64(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    let count = word32(20)
    guard file.prefix(8).elementsEqual(magic),
      word32(8) == layout.width, word32(12) == layout.height, word32(16) == layout.channels,
      file.count == fileSize(count: count, layout: layout)
    else { return nil }
    let keys = (0..<count).map { slot in
      let offset = prefixSize + slot * ContentKey.byteCount
      return ContentKey(high: word64(offset), low: word64(offset + 8))
    }
    let tableEnd = prefixSize + count * ContentKey.byteCount
    guard file[24..<32].elementsEqual(checksum(Array(file[..<24]) + file[32..<tableEnd])) else {
      return nil
    }
    return keys
  }
}
