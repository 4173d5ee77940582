import CKernels

/// Loops over blocked activations `[images, blocks, plane, 16]` on the calling thread; the C header
/// has their equations.
package struct BlockedKernels {
  package let images: Int
  package let blocks: Int
  /// Height × width.
  package let plane: Int

  package init(images: Int, channels: Int, plane: Int) {
    self.images = images
    blocks = BlockedKernels.blocks(channels)
    self.plane = plane
  }

  /// Channels are stored in blocks of 16, the last padded with zeros.
  package static func blocks(_ channels: Int) -> Int { (channels + 15) / 16 }

  /// `sums` is `[2, blocks × 16]`: Σ y and Σ y².
  package func channelSums(_ y: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Double>) {
    ck_channel_sums(y, images, blocks, plane, sums)
  }

  /// out = max(y·scale + shift + residual, 0), each part optional.
  package func scaleShift(
    _ y: UnsafePointer<Float>, scale: UnsafePointer<Float>?, shift: UnsafePointer<Float>?,
    residual: UnsafePointer<Float>?, relu: Bool, into out: UnsafeMutablePointer<Float>
  ) {
    ck_scale_shift(y, scale, shift, residual, relu ? 1 : 0, out, images, blocks, plane)
  }

  /// h = (first + second) where active > 0; with `y`, also Σ h and Σ h·(y − mean).
  package func maskedGradient(
    _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>?, active: UnsafePointer<Float>?,
    y: UnsafePointer<Float>?, mean: UnsafePointer<Float>?, into h: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Double>?
  ) {
    ck_masked_gradient(first, second, active, y, mean, h, sums, images, blocks, plane)
  }

  /// dy = a·h + b·(y − mean) + d per channel.
  package func normalizationGradient(
    _ h: UnsafePointer<Float>, y: UnsafePointer<Float>, mean: UnsafePointer<Float>,
    a: UnsafePointer<Float>, b: UnsafePointer<Float>, d: UnsafePointer<Float>,
    into dy: UnsafeMutablePointer<Float>
  ) {
    ck_normalization_gradient(h, y, mean, a, b, d, dy, images, blocks, plane)
  }
}

/// Conversions of pixels and features between layouts, on the calling thread.
package enum LayoutKernels {
  /// `[images, plane, channels]` to `[images, channels, plane]`.
  package static func pixelsToPlanar(
    _ pixels: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, images: Int, plane: Int,
    channels: Int
  ) { ck_pixels_to_planar(pixels, out, images, plane, channels) }

  /// `[images, plane, channels]` to blocked.
  package static func pixelsToBlocked(
    _ pixels: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, images: Int, plane: Int,
    channels: Int
  ) { ck_pixels_to_blocked(pixels, out, images, plane, channels) }

  /// Blocked to rows `[images, channels]`: the mean over the plane.
  package static func globalAverage(
    _ x: UnsafePointer<Float>, into rows: UnsafeMutablePointer<Float>, images: Int, channels: Int,
    plane: Int
  ) { ck_global_average(x, rows, images, channels, plane) }

  package static func globalAverageGradient(
    _ rows: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, images: Int, channels: Int,
    plane: Int
  ) { ck_global_average_gradient(rows, dx, images, channels, plane) }
}

/// Every `stride`-th pixel of blocked activations, channels set behind `before` zero channels.
package struct SubsamplingKernel {
  private var shape: ck_subsampling

  package init(
    inChannels: Int, inHeight: Int, inWidth: Int, outChannels: Int, stride: Int, before: Int
  ) {
    shape = ck_subsampling(
      in_channels: inChannels, in_height: inHeight, in_width: inWidth, out_channels: outChannels,
      out_height: (inHeight + stride - 1) / stride, out_width: (inWidth + stride - 1) / stride,
      stride: stride, before: before)
  }

  package func forward(
    _ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, images: Int
  ) {
    withUnsafePointer(to: shape) { ck_subsample(x, out, images, $0) }
  }

  package func gradient(
    _ dout: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, images: Int
  ) {
    withUnsafePointer(to: shape) { ck_subsample_gradient(dout, dx, images, $0) }
  }
}
