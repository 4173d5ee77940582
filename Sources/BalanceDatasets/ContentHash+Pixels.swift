import BalanceCore
import BalanceImages

extension ContentHash {
  /// Equal for images that show the same: upright, in any format, with any metadata, compression or
  /// alpha channel (which is dropped everywhere).
  ///
  /// The hash of width, height, channels, bytes a value and of the hash of the values, in the least
  /// form that loses nothing: colour with R = G = B everywhere counts as grey, and 16-bit values
  /// that are all multiples of 257 as the 8-bit values that they were stretched from.
  init(pixelsOf image: DecodedImage) {
    let channels = image.header.channels
    switch image.values {
    case .bytes(let bytes): self.init(image.header, least: bytes, channels)
    case .words(let words):
      if words.allSatisfy({ $0 % 257 == 0 }) {
        self.init(image.header, least: words.map { UInt8($0 / 257) }, channels)
      } else {
        self.init(image.header, least: words, channels)
      }
    }
  }

  private init<Value: FixedWidthInteger>(
    _ header: ImageHeader, least values: [Value], _ channels: Int
  ) {
    if channels == 3, Self.isGray(values) {
      let gray = stride(from: 0, to: values.count, by: 3).map { values[$0] }
      self.init(header, values: gray, channels: 1)
    } else {
      self.init(header, values: values, channels: channels)
    }
  }

  private init<Value: FixedWidthInteger>(_ header: ImageHeader, values: [Value], channels: Int) {
    let digest = values.withUnsafeBytes { ContentHash(of: $0) }
    var text = [UInt8](digest.bytes)
    for number in [header.width, header.height, channels, Value.bitWidth / 8] {
      withUnsafeBytes(of: UInt32(number).littleEndian) { text.append(contentsOf: $0) }
    }
    self = text.withUnsafeBytes { ContentHash(of: $0) }
  }

  /// Ends at the first pixel that has a colour.
  private static func isGray<Value: Equatable>(_ values: [Value]) -> Bool {
    var pixel = 0
    while pixel < values.count {
      guard values[pixel] == values[pixel + 1], values[pixel] == values[pixel + 2] else {
        return false
      }
      pixel += 3
    }
    return true
  }
}
