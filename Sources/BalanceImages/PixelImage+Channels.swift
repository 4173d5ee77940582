import CBalanceImageCodecs

extension PixelImage {
  /// The image with 1 or 3 channels.
  ///
  /// Gray to colour repeats the value. Colour to gray is the luma of ITU-R 601,
  /// L = 0.299 R + 0.587 G + 0.114 B, in 16-bit fixed point and rounded.
  ///
  /// - Precondition: `channels` is 1 or 3.
  public func converted(channels: Int) -> PixelImage {
    precondition(channels == 1 || channels == 3, "an image has 1 or 3 channels, not \(channels)")
    if channels == self.channels { return self }
    let count = width * height
    let converted = [UInt8](unsafeUninitializedCapacity: count * channels) { target, initialized in
      if let to = target.baseAddress {
        pixels.withUnsafeBufferPointer { source in
          if channels == 1 {
            pixel_rgb_to_gray(source.baseAddress, to, count)
          } else {
            pixel_gray_to_rgb(source.baseAddress, to, count)
          }
        }
      }
      initialized = count * channels
    }
    return PixelImage(width: width, height: height, channels: channels, pixels: converted)
  }
}
