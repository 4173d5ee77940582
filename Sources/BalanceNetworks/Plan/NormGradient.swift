/// A step that begins with a batch norm, as the convolution before it sees it: it may ask for the
/// sums that the norm needs and compute the gradient of its own output, a few images at a time.
protocol NormGradientSource: AnyObject {
  /// The thread's sums of y and y², cleared; nil where nobody needs them.
  func beginSums(_ thread: Int) -> UnsafeMutablePointer<Double>?
  /// Says that y's gradient is computed at this time.
  func touchGradient(_ time: Int)
  /// dy of some of a thread's images, to `dy` or within zeros to `padded`.
  func writeGradient(
    _ images: Range<Int>, _ thread: Int, into dy: UnsafeMutableRawPointer?,
    padded: UnsafeMutablePointer<Float>?)
}

/// A convolution by own kernels, which works for the norm that alone reads what it makes.
protocol NormFeeder: AnyObject {
  func feed(_ target: any NormGradientSource)
}
