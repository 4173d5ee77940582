/// An image in memory: `pixels` is `[H, W, C]`, row by row, channels adjacent, 8 bits a value.
///
/// C is 1 (gray) or 3 (red, green, blue).
public struct PixelImage: Hashable, Sendable {
  public let width: Int
  public let height: Int
  public let channels: Int
  public var pixels: [UInt8]

  /// - Precondition: `channels` is 1 or 3, sizes are positive, and there are
  ///   `height * width * channels` pixels.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(channels == 1 || channels == 3, "an image has 1 or 3 channels, not \(channels)")
    precondition(width > 0 && height > 0, "an image of \(width) by \(height) pixels")
    precondition(
      pixels.count == width * height * channels,
      "\(pixels.count) values for [\(height), \(width), \(channels)]")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }
}
