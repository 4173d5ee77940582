import BalanceCore
import BalanceTensors

/// By own kernels, where each channel has its own window, each thread over its own images: oneDNN 2
/// has a fast primitive for 3×3 windows only.
struct DepthwiseWeightGradient: ConvolutionWeightGradient {
  private let memory: PlanMemory
  private let options: Operation.Convolution
  private let input: PlanValue
  private let count: Int
  private let weights: PlanBuffer
  private let bias: PlanBuffer

  let scratchBytes = 0
  let algorithm = PlannedConvolution.Algorithm.ownDepthwise

  /// - Parameters: as `PrimitiveWeightGradient`'s.
  init(
    _ options: Operation.Convolution, over input: PlanValue, count: Int, at time: Int,
    in plan: PlanCompiler
  ) {
    memory = plan.memory
    self.options = options
    self.input = input
    self.count = count
    weights = plan.gradientSum(bytes: count * 4, at: time)
    bias = plan.gradientSum(bytes: options.filters * 4, at: time)
  }

  /// Whether a convolution is one that it can do.
  static func fits(_ options: Operation.Convolution, _ input: PlanValue) -> Bool {
    let channels = input.image.channels
    return options.groups == channels && options.filters == channels && channels > 1
      && input.layout == .blocked && options.kernel <= DepthwiseKernel.largestKernel
  }

  func sum(
    _ thread: ThreadContext, source: UnsafeMutableRawPointer,
    outputGradient: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer
  ) {
    let thread = thread.index
    guard memory.images(thread) > 0 else { return }
    let window = options.window(over: input.image, images: memory.images(thread))
    DepthwiseKernel(window).weightGradient(
      source, dy: outputGradient, into: memory.pointer(weights, thread), type: input.type)
    if options.bias {
      ChannelKernels(
        images: window.images, plane: window.outHeight * window.outWidth, type: input.type
      ).sum(outputGradient, into: memory.pointer(bias, thread), channels: options.filters)
    }
  }

  func gather(
    weights total: UnsafeMutablePointer<Float>, bias biasTotal: UnsafeMutablePointer<Float>?
  ) {
    memory.gather(weights, into: total, count: count)
    if let biasTotal { memory.gather(bias, into: biasTotal, count: options.filters) }
  }
}
