public import Foundation

/// A small PNG with just the bytes that a test wants: any depth of 8 or 16 bits, with alpha or
/// without, metadata, either of two ways to compress. Written after the specification alone, not by
/// the library that is tested.
public struct HandmadePNG: Sendable {
  public enum Color: UInt8, Sendable {
    case gray = 0
    case rgb = 2
    case grayAlpha = 4
    case rgba = 6

    var values: Int { [.gray: 1, .rgb: 3, .grayAlpha: 2, .rgba: 4][self] ?? 1 }
  }

  public var width: Int
  public var height: Int
  public var color: Color
  /// 8 or 16.
  public var depth: Int
  /// `[height, width, values]`.
  public var values: [Int]
  /// A comment, or nil for none.
  public var comment: String?
  /// Whether each row is stored as differences from pixel to pixel (filter 1).
  public var storesDifferences = false

  public init(
    width: Int, height: Int, color: Color = .gray, depth: Int = 8, values: [Int]
  ) {
    (self.width, self.height) = (width, height)
    (self.color, self.depth, self.values) = (color, depth, values)
  }

  public var data: Data {
    var file = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    file += chunk("IHDR", word(width) + word(height) + [UInt8(depth), color.rawValue, 0, 0, 0])
    if let comment { file += chunk("tEXt", Array("Comment\0\(comment)".utf8)) }
    file += chunk("IDAT", stored(rows))
    return file + chunk("IEND", [])
  }

  private var rows: [UInt8] {
    let perRow = width * color.values
    let pixel = color.values * depth / 8
    return (0..<height).flatMap { y -> [UInt8] in
      let bytes = values[y * perRow..<(y + 1) * perRow].flatMap { value in
        depth == 16 ? [UInt8(value >> 8), UInt8(value & 255)] : [UInt8(value)]
      }
      guard storesDifferences else { return [0] + bytes }
      return [1] + bytes.indices.map { bytes[$0] &- ($0 < pixel ? 0 : bytes[$0 - pixel]) }
    }
  }

  /// A zlib stream of one block that is not compressed (RFC 1950 and 1951).
  private func stored(_ bytes: [UInt8]) -> [UInt8] {
    precondition(bytes.count < 1 << 16, "\(bytes.count) bytes for one stored block")
    let length = UInt16(bytes.count)
    let lengths = [length, ~length].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return [0x78, 0x01, 0x01] + lengths + bytes + word(b << 16 | a)
  }

  private func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let checked = Array(name.utf8) + body
    var crc = ~UInt32(0)
    for byte in checked {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB8_8320 }
    }
    return word(body.count) + checked + word(Int(~crc))
  }

  private func word(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) }
  }
}
