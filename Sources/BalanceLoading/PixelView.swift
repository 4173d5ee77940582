public import BalanceCore

/// The pixels of one image, one byte a value, that somebody else owns.
public struct PixelView {
  public let pixels: UnsafeBufferPointer<UInt8>
  public let shape: ImageShape

  /// - Precondition: there are as many pixels as the shape says.
  public init(pixels: UnsafeBufferPointer<UInt8>, shape: ImageShape) {
    precondition(pixels.count == shape.count, "\(pixels.count) values for \(shape)")
    self.pixels = pixels
    self.shape = shape
  }
}
