import CBalanceImageCodecs

extension PixelImage {
  /// The image at another size, antialiased: rows first, then columns, each with the triangle
  /// filter of `ResampleFilter` and each rounded to 8 bits, as Pillow's
  /// `resize((width, height), BILINEAR)`. Proportions are not kept.
  ///
  /// - Precondition: `width` and `height` are positive.
  public func resized(width: Int, height: Int) -> PixelImage {
    precondition(width > 0 && height > 0, "a size of \(width) by \(height)")
    var image = self
    if width != image.width {
      let filter = ResampleFilter(input: image.width, output: width)
      image = image.resampled(width: width, height: image.height) { source, target in
        filter.withFilter {
          pixel_resample_rows(
            source, image.height, image.width, target, width, image.channels, $0)
        }
      }
    }
    if height != image.height {
      let filter = ResampleFilter(input: image.height, output: height)
      image = image.resampled(width: width, height: height) { source, target in
        filter.withFilter {
          pixel_resample_columns(source, width * image.channels, target, height, $0)
        }
      }
    }
    return image
  }

  private func resampled(
    width: Int, height: Int,
    _ body: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
  ) -> PixelImage {
    let count = width * height * channels
    let result = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      pixels.withUnsafeBufferPointer { source in
        if let from = source.baseAddress, let to = target.baseAddress { body(from, to) }
      }
      initialized = count
    }
    return PixelImage(width: width, height: height, channels: channels, pixels: result)
  }
}
