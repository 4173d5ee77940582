import BalanceTensors

/// dW and db of a convolution, summed over the images of all threads.
protocol ConvolutionWeightGradient {
  var algorithm: PlannedConvolution.Algorithm { get }
  var scratchBytes: Int { get }
  /// A thread's share of the work; called by every thread at once, also by those without images.
  ///
  /// - Parameters: the thread's own images, and working memory of `scratchBytes`.
  func sum(
    _ thread: ThreadContext, source: UnsafeMutableRawPointer,
    outputGradient: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer)
  /// What is left once every thread has summed; called by one thread.
  func gather(weights: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?)
}
