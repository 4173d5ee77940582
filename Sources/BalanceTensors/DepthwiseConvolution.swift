import CBalanceKernels

/// A convolution of each channel of a blocked map by a window of its own; the C header has the
/// equation.
package struct DepthwiseConvolution: DirectKernel {
  private let shape: ck_depthwise
  private let channels: Int

  package static let source = ConvolutionPrimitive.SourceLayout.blocked

  package static func fits(_ geometry: WindowGeometry) -> Bool {
    geometry.groups == geometry.inChannels && geometry.groups == geometry.outChannels
      && [3, 5].contains(geometry.kernel) && geometry.stride <= 2
      && geometry.paddingTop == geometry.paddingLeft && geometry.paddingTop < geometry.kernel
      && geometry.dilation == 1
  }

  package init(_ geometry: WindowGeometry, avx512: Bool) {
    precondition(Self.fits(geometry), "no kernel for \(geometry)")
    channels = geometry.inChannels
    shape = ck_depthwise(
      images: geometry.images, blocks: BlockedKernels.blocks(geometry.inChannels),
      in_height: geometry.inHeight, in_width: geometry.inWidth, out_height: geometry.outHeight,
      out_width: geometry.outWidth, kernel: geometry.kernel, stride: geometry.stride,
      padding: geometry.paddingTop, avx512: avx512 ? 1 : 0)
  }

  package var weightsCount: Int { withUnsafePointer(to: shape) { ck_depthwise_weights_count($0) } }
  package var scratchBytes: Int { withUnsafePointer(to: shape) { ck_depthwise_scratch_bytes($0) } }

  package func pack(_ weights: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    withUnsafePointer(to: shape) { ck_depthwise_weights($0, weights, channels, packed) }
  }

  package func forward(
    _ part: KernelPart, _ x: UnsafeRawPointer, _ packed: UnsafePointer<Float>,
    _ epilogue: KernelEpilogue, into y: UnsafeMutableRawPointer, type: ActivationType,
    scratch: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: shape) { shape in
      withUnsafePointer(to: part.native) { part in
        withUnsafePointer(to: epilogue.native) {
          ck_depthwise_forward(shape, part, x, packed, $0, y, scratch, type.flag)
        }
      }
    }
  }
}
