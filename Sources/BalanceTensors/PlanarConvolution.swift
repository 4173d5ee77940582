import CBalanceKernels

/// The first convolution of a network, over one to three planar channels, by the package's own
/// kernels, on the calling thread; the C header has the equations.
///
/// For machines where `Machine.supportsOwnKernels`.
package struct PlanarConvolution: DirectKernel {
  private let shape: ck_planar
  private let outChannels: Int

  package static let source = ConvolutionPrimitive.SourceLayout.planar

  /// Whether there are kernels for such windows.
  package static func fits(_ geometry: WindowGeometry) -> Bool {
    geometry.inChannels <= 3 && [3, 5, 7].contains(geometry.kernel) && geometry.stride <= 2
      && geometry.paddingTop == geometry.paddingLeft && geometry.paddingTop < geometry.kernel
      && geometry.dilation == 1 && geometry.groups == 1
  }

  /// - Precondition: `fits(geometry)`.
  package init(_ geometry: WindowGeometry, avx512: Bool) {
    precondition(Self.fits(geometry), "no kernel for \(geometry)")
    outChannels = geometry.outChannels
    shape = ck_planar(
      images: geometry.images, channels: geometry.inChannels, in_height: geometry.inHeight,
      in_width: geometry.inWidth, out_blocks: BlockedKernels.blocks(geometry.outChannels),
      out_height: geometry.outHeight, out_width: geometry.outWidth, kernel: geometry.kernel,
      stride: geometry.stride, padding: geometry.paddingTop, avx512: avx512 ? 1 : 0)
  }

  /// Floats of packed weights, and of their gradient.
  package var weightsCount: Int { withUnsafePointer(to: shape) { ck_planar_weights_count($0) } }
  package var scratchBytes: Int { withUnsafePointer(to: shape) { ck_planar_scratch_bytes($0) } }

  /// Packs weights `[outChannels, channels, K, K]`.
  package func pack(_ weights: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    withUnsafePointer(to: shape) { ck_planar_weights($0, weights, outChannels, packed) }
  }

  package func forward(
    _ part: KernelPart, _ x: UnsafeRawPointer, _ packed: UnsafePointer<Float>,
    _ epilogue: KernelEpilogue, into y: UnsafeMutableRawPointer, type: ActivationType,
    scratch: UnsafeMutableRawPointer
  ) { forward(part, x, packed, epilogue, into: y, type: type, sums: nil, scratch: scratch) }

  /// y = W ∗ x; adds Σ y and Σ y² to `sums` where given.
  package func forward(
    _ x: UnsafeRawPointer, _ packed: UnsafePointer<Float>, into y: UnsafeMutableRawPointer,
    type: ActivationType, sums: UnsafeMutablePointer<Double>?, scratch: UnsafeMutableRawPointer
  ) {
    let part = KernelPart(blocks: 0..<shape.out_blocks, rows: 0..<shape.out_height)
    forward(
      part, x, packed, KernelEpilogue(), into: y, type: type, sums: sums, scratch: scratch)
  }

  private func forward(
    _ part: KernelPart, _ x: UnsafeRawPointer, _ packed: UnsafePointer<Float>,
    _ epilogue: KernelEpilogue, into y: UnsafeMutableRawPointer, type: ActivationType,
    sums: UnsafeMutablePointer<Double>?, scratch: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: shape) { shape in
      withUnsafePointer(to: part.native) { part in
        withUnsafePointer(to: epilogue.native) {
          ck_planar_forward(shape, part, x, packed, $0, y, sums, scratch, type.flag)
        }
      }
    }
  }

  /// Adds the images' share to the gradient of the packed weights.
  package func addGradient(
    _ x: UnsafeRawPointer, dy: UnsafeRawPointer, type: ActivationType,
    to packed: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: shape) { ck_planar_gradient($0, x, dy, packed, scratch, type.flag) }
  }

  /// The gradient of weights `[outChannels, channels, K, K]` from the threads' sums.
  package func weightsGradient(
    _ parts: [UnsafePointer<Float>?], into gradient: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: shape) {
      ck_planar_weights_gradient($0, parts, parts.count, outChannels, gradient)
    }
  }
}
