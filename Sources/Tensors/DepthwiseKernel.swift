import CKernels

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

extension ck_window {
  init(_ geometry: WindowGeometry) {
    self.init(
      channels: geometry.inChannels, in_height: geometry.inHeight, in_width: geometry.inWidth,
      out_height: geometry.outHeight, out_width: geometry.outWidth, kernel: geometry.kernel,
      stride: geometry.stride, padding: geometry.padding, dilation: geometry.dilation)
  }
}
