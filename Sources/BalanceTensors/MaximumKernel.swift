import CBalanceKernels

/// The maximum over windows of blocked maps, without what a backward pass would need, on the
/// calling thread. What is not a number is passed over.
package struct MaximumKernel {
  private let window: ck_window

  /// - Precondition: padding is less than the kernel, so that each window has a pixel of the map,
  ///   and dilation is 1.
  package init(_ geometry: WindowGeometry) {
    precondition(
      max(geometry.paddingTop, geometry.paddingLeft) < geometry.kernel,
      "windows of padding alone have no maximum")
    precondition(geometry.dilation == 1, "windows with gaps have no maximum here")
    window = ck_window(geometry)
  }

  /// - Parameter maps: images times blocks of channels.
  package func forward(
    _ x: UnsafeRawPointer, into y: UnsafeMutableRawPointer, maps: Int, type: ActivationType
  ) {
    withUnsafePointer(to: window) { ck_maximum(x, y, $0, maps, type.flag) }
  }
}
