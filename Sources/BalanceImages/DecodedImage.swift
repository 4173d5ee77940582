import CBalanceImageCodecs

/// Everything that a file holds of its image: the header, every value in full depth, and what is
/// odd about the file though the picture is whole.
package struct DecodedImage: Sendable {
  package enum Values: Sendable, Equatable {
    case bytes([UInt8])
    case words([UInt16])
  }

  package let header: ImageHeader
  /// `[header.height, header.width, header.channels]`, upright.
  package let values: Values
  /// Clauses such as "has bytes behind its last pixel"; empty for a file without oddities.
  package let oddities: [String]

  /// The least and the greatest value of a 16-bit file; nil for others.
  package var extent: ClosedRange<Int>? {
    guard case .words(let words) = values, !words.isEmpty else { return nil }
    var (least, greatest): (UInt16, UInt16) = (0, 0)
    pixel_extent(words, words.count, &least, &greatest)
    return Int(least)...Int(greatest)
  }

  /// The image in 8 bits a value.
  ///
  /// - Parameter range: of 16-bit files.
  /// - Precondition: `channels` is 1 or 3.
  package func image(channels: Int, range: SampleRange) -> PixelImage {
    let pixels: [UInt8]
    switch values {
    case .bytes(let bytes): pixels = bytes
    case .words(let words):
      pixels = [UInt8](unsafeUninitializedCapacity: words.count) { target, initialized in
        if let to = target.baseAddress {
          pixel_narrow(words, to, words.count, UInt16(range.low), UInt16(range.high))
        }
        initialized = words.count
      }
    }
    return PixelImage(
      width: header.width, height: header.height, channels: header.channels, pixels: pixels
    ).converted(channels: channels)
  }
}
