import CBalanceKernels

/// Conversions of pixels and features between layouts, on the calling thread. Feature maps are
/// stored as `type`, pixels and features are f32.
package enum LayoutKernels {
  /// `[images, plane, channels]` to `[images, channels, plane]`.
  package static func pixelsToPlanar(
    _ pixels: UnsafePointer<Float>, into out: UnsafeMutableRawPointer, images: Int, plane: Int,
    channels: Int, type: ActivationType
  ) { ck_pixels_to_planar(pixels, out, images, plane, channels, type.flag) }

  /// `[images, plane, channels]` to blocked.
  package static func pixelsToBlocked(
    _ pixels: UnsafePointer<Float>, into out: UnsafeMutableRawPointer, images: Int, plane: Int,
    channels: Int, type: ActivationType
  ) { ck_pixels_to_blocked(pixels, out, images, plane, channels, type.flag) }

  /// Blocked to rows `[images, channels]`: the mean over the plane.
  package static func globalAverage(
    _ x: UnsafeRawPointer, into rows: UnsafeMutablePointer<Float>, images: Int, channels: Int,
    plane: Int, type: ActivationType
  ) { ck_global_average(x, rows, images, channels, plane, type.flag) }

  package static func globalAverageGradient(
    _ rows: UnsafePointer<Float>, into dx: UnsafeMutableRawPointer, images: Int, channels: Int,
    plane: Int, type: ActivationType
  ) { ck_global_average_gradient(rows, dx, images, channels, plane, type.flag) }
}

/// Every `stride`-th pixel of blocked activations, channels set behind `before` zero channels.
package struct SubsamplingKernel {
  private var shape: ck_subsampling
  private let bf16: Int32

  package init(
    inChannels: Int, inHeight: Int, inWidth: Int, outChannels: Int, stride: Int, before: Int,
    type: ActivationType
  ) {
    shape = ck_subsampling(
      in_channels: inChannels, in_height: inHeight, in_width: inWidth, out_channels: outChannels,
      out_height: (inHeight + stride - 1) / stride, out_width: (inWidth + stride - 1) / stride,
      stride: stride, before: before)
    bf16 = type.flag
  }

  package func forward(
    _ x: UnsafeRawPointer, into out: UnsafeMutableRawPointer, images: Int
  ) {
    withUnsafePointer(to: shape) { ck_subsample(x, out, images, $0, bf16) }
  }

  package func gradient(
    _ dout: UnsafeRawPointer, into dx: UnsafeMutableRawPointer, images: Int
  ) {
    withUnsafePointer(to: shape) { ck_subsample_gradient(dout, dx, images, $0, bf16) }
  }
}
