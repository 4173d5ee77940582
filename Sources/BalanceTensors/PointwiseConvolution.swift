import CBalanceKernels

/// A convolution of 1×1 windows over blocked maps; the C header has the equation.
package struct PointwiseConvolution: DirectKernel {
  private let shape: ck_pointwise
  private let channels: (out: Int, in: Int)

  package static let source = ConvolutionPrimitive.SourceLayout.blocked

  package static func fits(_ geometry: WindowGeometry) -> Bool {
    geometry.kernel == 1 && geometry.paddingTop == 0 && geometry.paddingLeft == 0
      && geometry.groups == 1
  }

  package init(_ geometry: WindowGeometry, avx512: Bool) {
    precondition(Self.fits(geometry), "no kernel for \(geometry)")
    channels = (geometry.outChannels, geometry.inChannels)
    shape = ck_pointwise(
      images: geometry.images, in_blocks: BlockedKernels.blocks(geometry.inChannels),
      in_height: geometry.inHeight, in_width: geometry.inWidth,
      out_blocks: BlockedKernels.blocks(geometry.outChannels), out_height: geometry.outHeight,
      out_width: geometry.outWidth, stride: geometry.stride,
      avx512: avx512 ? 1 : 0)
  }

  package var weightsCount: Int { withUnsafePointer(to: shape) { ck_pointwise_weights_count($0) } }
  package var scratchBytes: Int { withUnsafePointer(to: shape) { ck_pointwise_scratch_bytes($0) } }

  package func pack(_ weights: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    withUnsafePointer(to: shape) {
      ck_pointwise_weights($0, weights, channels.out, channels.in, packed)
    }
  }

  package func forward(
    _ part: KernelPart, _ x: UnsafeRawPointer, _ packed: UnsafePointer<Float>,
    _ epilogue: KernelEpilogue, into y: UnsafeMutableRawPointer, type: ActivationType,
    scratch: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: shape) { shape in
      withUnsafePointer(to: part.native) { part in
        withUnsafePointer(to: epilogue.native) {
          ck_pointwise_forward(shape, part, x, packed, $0, y, scratch, type.flag)
        }
      }
    }
  }
}
