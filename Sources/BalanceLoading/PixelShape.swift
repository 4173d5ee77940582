/// The shape of an image's pixels, `[H, W, C]`, rows without padding.
public struct PixelShape: Hashable, Sendable, CustomStringConvertible {
  public var height: Int
  public var width: Int
  public var channels: Int

  /// - Precondition: none is below 1.
  public init(height: Int, width: Int, channels: Int) {
    precondition(
      height > 0 && width > 0 && channels > 0, "pixels of [\(height), \(width), \(channels)]")
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Values of an image, H · W · C.
  public var count: Int { height * width * channels }

  public var description: String { "\(height)×\(width)×\(channels)" }
}

extension PixelCache {
  /// Of every image.
  public var shape: PixelShape { PixelShape(height: height, width: width, channels: channels) }
}

/// The pixels of one image, one byte a value, that somebody else owns.
public struct PixelView {
  public let pixels: UnsafeBufferPointer<UInt8>
  public let shape: PixelShape

  /// - Precondition: there are as many pixels as the shape says.
  public init(pixels: UnsafeBufferPointer<UInt8>, shape: PixelShape) {
    precondition(pixels.count == shape.count, "\(pixels.count) values for \(shape)")
    self.pixels = pixels
    self.shape = shape
  }
}
