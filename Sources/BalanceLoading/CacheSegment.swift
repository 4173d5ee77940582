import BalanceCore
import BalanceDatasets
import BalanceImages
import Foundation

/// One file of a pixel cache, mapped into memory: immutable, whole, and never changed in place.
///
/// | bytes | what |
/// | --- | --- |
/// | 8 | `BALPIX03`; the number rises when decoding, resizing or this table changes |
/// | 4 × 4 | width, height, channels, number of images (little-endian) |
/// | 8 | XXH3 of all that precedes and of the table |
/// | 24 × images | the table: content hash of each image's file, XXH3 of its pixels |
/// | … | zeros up to a multiple of 4096, then the images, `[images, H, W, C]` |
final class CacheSegment: Sendable {
  /// What the table says of an image.
  struct StoredImage: Sendable {
    static let byteCount = 24

    let key: ContentKey
    /// Of the pixels; see `checksum(of:)`.
    let checksum: UInt64
  }

  let entries: [StoredImage]
  private let layout: PixelLayout
  private let file: MappedFile

  /// Maps the file at `url`; nil where it is not a whole segment of this layout.
  init?(url: URL, layout: PixelLayout) {
    guard let file = try? MappedFile(url, followsLink: false),
      let entries = Self.readTable(file.bytes, layout), (try? file.check()) != nil
    else { return nil }
    self.entries = entries
    self.layout = layout
    self.file = file
  }

  /// The images of a segment of any layout; nil where it is not a whole one.
  static func keys(of url: URL) -> [ContentKey]? {
    guard let file = try? MappedFile(url), let layout = readLayout(file.bytes),
      let entries = readTable(file.bytes, layout), (try? file.check()) != nil
    else { return nil }
    return entries.map(\.key)
  }

  /// The pixels of the image in `slot`, valid as long as the segment lives.
  func pixels(slot: Int) -> UnsafePointer<UInt8> {
    let offset = offset(slot)
    // The table fits the file's size, so that this begins within it.
    return UnsafeRawPointer(file.bytes.baseAddress! + offset).assumingMemoryBound(to: UInt8.self)
  }

  /// Whether the pixels of the image in `slot` are those that were written.
  func isIntact(slot: Int) -> Bool {
    let offset = offset(slot)
    let pixels = UnsafeRawBufferPointer(rebasing: file.bytes[offset..<offset + layout.stride])
    return Self.checksum(of: pixels) == entries[slot].checksum
  }

  /// - Throws: as `MappedFile.check`.
  func check() throws(BalanceError) { try file.check() }

  private func offset(_ slot: Int) -> Int {
    precondition(entries.indices.contains(slot), "slot \(slot) of \(entries.count)")
    return Self.pixelOffset(count: entries.count) + slot * layout.stride
  }

  /// The first 64 bits of the content hash.
  static func checksum(of pixels: UnsafeRawBufferPointer) -> UInt64 {
    ContentHash(of: pixels).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  // MARK: The layout of the file

  static let magic = Array("BALPIX03".utf8)
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
    (prefixSize + count * StoredImage.byteCount + 4095) / 4096 * 4096
  }

  static func fileSize(count: Int, layout: PixelLayout) -> Int {
    pixelOffset(count: count) + count * layout.stride
  }

  /// Everything in front of the pixels.
  static func prefix(_ entries: [StoredImage], layout: PixelLayout) -> [UInt8] {
    var bytes = magic
    for value in [layout.width, layout.height, layout.channels, entries.count] {
      withUnsafeBytes(of: UInt32(value).littleEndian) { bytes.append(contentsOf: $0) }
    }
    var table: [UInt8] = []
    table.reserveCapacity(entries.count * StoredImage.byteCount)
    for entry in entries {
      for word in [entry.key.high, entry.key.low, entry.checksum] {
        withUnsafeBytes(of: word.littleEndian) { table.append(contentsOf: $0) }
      }
    }
    bytes += checksum(bytes + table) + table
    bytes += [UInt8](repeating: 0, count: pixelOffset(count: entries.count) - bytes.count)
    return bytes
  }

  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { Array(ContentHash(of: $0).bytes.prefix(8)) }
  }

  private static func word32(_ file: UnsafeRawBufferPointer, _ offset: Int) -> Int {
    Int(UInt32(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  /// What a file says of its images, the range left out, which is in its name; nil where it is
  /// no segment, or its sizes are beyond reason.
  private static func readLayout(_ file: UnsafeRawBufferPointer) -> PixelLayout? {
    guard file.count >= prefixSize, file.prefix(8).elementsEqual(magic) else { return nil }
    let sizes = [8, 12, 16].map { word32(file, $0) }
    guard sizes.allSatisfy({ (1...1 << 16).contains($0) }), sizes[2] <= 4 else { return nil }
    return PixelLayout(width: sizes[0], height: sizes[1], channels: sizes[2])
  }

  private static func readTable(_ file: UnsafeRawBufferPointer, _ layout: PixelLayout)
    -> [StoredImage]?
  {
    guard let found = readLayout(file), found.width == layout.width,
      found.height == layout.height, found.channels == layout.channels
    else { return nil }
    func word64(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    let count = word32(file, 20)
    // Divided, since the product may be too large for a number.
    let rest = file.count - pixelOffset(count: count)
    guard rest >= 0, rest.isMultiple(of: layout.stride), rest / layout.stride == count else {
      return nil
    }
    let entries = (0..<count).map { slot in
      let offset = prefixSize + slot * StoredImage.byteCount
      return StoredImage(
        key: ContentKey(high: word64(offset), low: word64(offset + 8)),
        checksum: word64(offset + 16))
    }
    let tableEnd = prefixSize + count * StoredImage.byteCount
    guard file[24..<32].elementsEqual(checksum(Array(file[..<24]) + file[32..<tableEnd])) else {
      return nil
    }
    return entries
  }
}
