import CBalanceKernels

/// A convolution of 3×3 windows, stride 1 and padding 1 by the package's own Winograd kernels, on
/// the calling thread. Inputs are f32 and padded with zeros; the C header has the equations.
///
/// For machines where `Machine.supportsOwnKernels`.
package struct WinogradConvolution {
  private var shape: ck_winograd

  /// - Parameter avx512: whether to compute by AVX-512, else by AVX2; the bits are the same.
  package init(
    images: Int, inChannels: Int, outChannels: Int, height: Int, width: Int,
    avx512: Bool = Machine.supportsAVX512
  ) {
    shape = ck_winograd(
      images: images, in_blocks: BlockedKernels.blocks(inChannels),
      out_blocks: BlockedKernels.blocks(outChannels), height: height, width: width,
      avx512: avx512 ? 1 : 0)
  }

  /// Floats that one image of a padded map takes.
  package static func paddedCount(channels: Int, height: Int, width: Int) -> Int {
    BlockedKernels.blocks(channels) * ck_winograd_padded(height) * ck_winograd_padded(width) * 16
  }

  /// Tiles of 4×4 outputs that one image of this size has.
  package static func tiles(height: Int, width: Int) -> Int {
    ck_winograd_tiles(height) * ck_winograd_tiles(width)
  }

  /// Floats of transformed weights, and of their gradient.
  package var weightsCount: Int { withUnsafePointer(to: shape) { ck_winograd_weights_count($0) } }
  package var scratchBytes: Int { withUnsafePointer(to: shape) { ck_winograd_scratch_bytes($0) } }

  /// The same convolution over so many images.
  package func over(images: Int) -> WinogradConvolution {
    var copy = self
    copy.shape.images = images
    return copy
  }

  /// Transforms weights `[outChannels, inChannels, 3, 3]`; `turned` for a convolution that makes
  /// the data's gradient, whose input is the output's gradient.
  package func transform(
    _ weights: UnsafePointer<Float>, outChannels: Int, inChannels: Int, turned: Bool,
    into transformed: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: shape) {
      ck_winograd_weights($0, weights, outChannels, inChannels, turned ? 1 : 0, transformed)
    }
  }

  /// Writes the output as `type`; adds Σ out and Σ out² to `sums` where given.
  package func forward(
    _ padded: UnsafePointer<Float>, _ transformed: UnsafePointer<Float>,
    into out: UnsafeMutableRawPointer, type: ActivationType,
    sums: UnsafeMutablePointer<Double>?, scratch: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: shape) {
      ck_winograd_forward(
        $0, padded, transformed, out, sums, scratch, type.flag)
    }
  }

  /// Adds the images' share to the gradient of the transformed weights.
  package func addGradient(
    _ padded: UnsafePointer<Float>, _ paddedOutputGradient: UnsafePointer<Float>,
    to transformed: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: shape) {
      ck_winograd_gradient($0, padded, paddedOutputGradient, transformed, scratch)
    }
  }

  /// The gradient of weights `[outChannels, inChannels, 3, 3]` from the threads' sums.
  package func weightsGradient(
    _ parts: [UnsafePointer<Float>?], outChannels: Int, inChannels: Int,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: shape) {
      ck_winograd_weights_gradient(
        $0, parts, parts.count, outChannels, inChannels, gradient)
    }
  }
}
