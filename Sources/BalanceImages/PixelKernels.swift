import CBalanceImageCodecs

/// The loops over pixels that other modules need, for modules that do not import the C below.
package enum PixelKernels {
  /// Bytes of scratch that `cropNormalize` needs for rows of `values` values.
  package static func scratchSize(rowValues values: Int) -> Int { values + 4 }

  /// `target[y, x, c] = scale[c] · source[y + dy, x' + dx, c] + bias[c]`, zeros outside the image,
  /// x' = x or, flipped, W − 1 − x; see `pixel_crop_normalize`.
  ///
  /// - Parameters:
  ///   - source: `[H, W, C]`.
  ///   - scale, bias: `[W · C]`, each channel's value repeated for every pixel of a row.
  ///   - scratch: `scratchSize(rowValues: W · C)` bytes.
  ///   - target: `[H, W, C]`.
  package static func cropNormalize(
    _ source: UnsafePointer<UInt8>, height: Int, width: Int, channels: Int, dy: Int, dx: Int,
    flip: Bool, scale: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<UInt8>, into target: UnsafeMutablePointer<Float>
  ) {
    pixel_crop_normalize(
      source, height, width, channels, dy, dx, flip ? 1 : 0, scale, bias, scratch, target)
  }

  /// `target[y, x, c]` is the pixel, bilinear and 0 outside, that a turn about the centre brings to
  /// (y, x); see `pixel_rotate`.
  ///
  /// - Parameter source: `[H, W, C]`, as `target`.
  package static func rotate(
    _ source: UnsafePointer<UInt8>, height: Int, width: Int, channels: Int, cosine: Double,
    sine: Double, into target: UnsafeMutablePointer<UInt8>
  ) {
    // Rounded, so that the last bits of a cosine, which differ among systems, do not matter.
    func fixed(_ value: Double) -> Int64 {
      Int64((value * Double(PIXEL_ROTATE_ONE)).rounded())
    }
    pixel_rotate(source, height, width, channels, fixed(cosine), fixed(sine), target)
  }

  /// Adds Σ v and Σ v² of each channel to `sums` and `squares`, exactly.
  ///
  /// - Precondition: `source` holds whole pixels of `sums.count` channels.
  package static func addSums(
    of source: UnsafeBufferPointer<UInt8>, to sums: inout [UInt64], squares: inout [UInt64]
  ) {
    precondition(sums.count == squares.count, "sums and squares of different channels")
    precondition(source.count % sums.count == 0, "not whole pixels")
    pixel_sums(
      source.baseAddress, source.count / sums.count, sums.count, &sums, &squares)
  }
}
