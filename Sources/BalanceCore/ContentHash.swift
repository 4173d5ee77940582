import CBalanceXXHash
package import Foundation

/// XXH3 of 128 bits: tells files apart by what is in them.
///
/// Not cryptographic: it finds equal files, it does not stop somebody who makes two files collide.
/// Source: the xxHash specification, canonical (big-endian) form, as `xxhsum -H2` prints it.
package struct ContentHash: Hashable, Sendable {
  package static let byteCount = 16
  package let bytes: Data

  package init(of buffer: UnsafeRawBufferPointer) {
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    cxxhash_xxh3_128(buffer.baseAddress, buffer.count, &digest)
    bytes = Data(digest)
  }

  package init(of text: String) {
    var text = text
    self = text.withUTF8 { ContentHash(of: UnsafeRawBufferPointer($0)) }
  }

  /// Of what a file holds.
  ///
  /// - Throws: as `MappedFile.check`.
  package init(of file: MappedFile) throws(BalanceError) {
    self.init(of: file.bytes)
    try file.check()
  }

  /// 32 lower-case hexadecimal digits.
  package var hex: String { Self.hex(bytes) }

  package static func hex(_ bytes: Data) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
