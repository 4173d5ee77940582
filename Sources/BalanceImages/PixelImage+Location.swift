public import BalanceCore

extension PixelImage {
  /// The image at a location, upright.
  ///
  /// - Parameter range: of 16-bit images.
  /// - Throws: `BalanceError` for what cannot be read or is no image, naming the location.
  public init(
    at location: ImageLocation, channels: Int, range: SampleRange = .full
  ) throws(BalanceError) {
    self = try ImageReader().image(at: location, channels: channels, range: range)
  }
}
