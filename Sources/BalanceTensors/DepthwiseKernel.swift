import CBalanceKernels

/// The weight gradient of a depthwise convolution on blocked maps, on the calling thread.
package struct DepthwiseKernel {
  package static let largestKernel = Int(CK_LARGEST_KERNEL)
  private var window: ck_window
  private let images: Int

  package init(_ geometry: WindowGeometry) {
    images = geometry.images
    window = ck_window(geometry)
  }

  /// `dW` is `[C, K, K]`.
  package func weightGradient(
    _ x: UnsafeRawPointer, dy: UnsafeRawPointer, into dW: UnsafeMutablePointer<Float>,
    type: ActivationType
  ) {
    withUnsafePointer(to: window) {
      ck_depthwise_weight_gradient(x, dy, dW, $0, images, type.flag)
    }
  }
}
