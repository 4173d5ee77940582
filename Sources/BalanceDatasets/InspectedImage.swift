import BalanceCore
import BalanceImages

/// What the index keeps of a file's image.
struct InspectedImage: Sendable {
  /// Of the file's bytes.
  let content: ContentHash
  /// Of what the bytes show.
  let pixels: ContentHash
  let header: ImageHeader
  /// The least and the greatest value of a 16-bit file; nil for others.
  let extent: ClosedRange<Int>?

  init(_ image: DecodedImage, content: ContentHash) {
    self.content = content
    pixels = ContentHash(pixelsOf: image)
    header = image.header
    extent = image.extent
  }
}
