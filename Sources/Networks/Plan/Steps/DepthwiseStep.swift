import BalanceCore
import Tensors

/// y = W ∗ x + b, each channel with its own window, for training: oneDNN forward and for dx, an own
/// kernel for dW, since oneDNN 2 has a fast one for 3×3 windows only.
final class DepthwiseStep: PlanStep {
  private let options: Operation.Convolution
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private let isFrozen: Bool
  private let parameters: Parameters
  private let weights: Parameters.Entry
  private let bias: Parameters.Entry?
  private let scratch: PlanBuffer
  private let forwardPart: PackedConvolution
  private var dataPart: PackedConvolution?
  private var route: GradientRoute?
  private var partialWeights: PlanBuffer?
  private var partialBias: PlanBuffer?

  var weight: Int { weights.count }

  /// Whether a convolution is one that this step can train.
  static func fits(_ options: Operation.Convolution, _ input: PlanValue) -> Bool {
    let channels = input.image.channels
    return options.groups == channels && options.filters == channels && channels > 1
      && input.layout == .blocked && options.kernel <= DepthwiseKernel.largestKernel
  }

  init(
    _ options: Operation.Convolution, node: Int, input: PlanValue, output: PlanValue,
    in plan: PlanCompiler
  ) throws(BalanceError) {
    guard let weights = plan.entry(node, "weight") else {
      preconditionFailure("node \(node) has no weights")
    }
    self.options = options
    self.input = input
    self.output = output
    self.weights = weights
    bias = plan.entry(node, "bias")
    memory = plan.memory
    isFrozen = plan.isFrozen(node)
    parameters = plan.parameters
    scratch = plan.scratch
    forwardPart = try PackedConvolution(plan.memory) { images throws(BalanceError) in
      try ConvolutionPrimitive(
        options.window(over: input.image, images: images), direction: .forward,
        algorithm: .direct, source: .blocked, hasBias: options.bias)
    }
    scratch.require(bytes: forwardPart.scratchBytes)
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler)
    throws(BalanceError)
  {
    let route = GradientRoute(incoming, from: output, to: input, at: time, in: plan)
    self.route = route
    let (options, input) = (options, input)
    if route.reachesInput {
      let part = try PackedConvolution(memory) { images throws(BalanceError) in
        try ConvolutionPrimitive(
          options.window(over: input.image, images: images), direction: .backwardData,
          algorithm: .direct, source: .blocked, hasBias: false)
      }
      scratch.require(bytes: part.scratchBytes)
      dataPart = part
    }
    if isFrozen { return }
    input.buffer.touch(time)
    let partials = [
      memory.fixed(bytes: weights.count * 4), memory.fixed(bytes: options.filters * 4),
    ]
    for partial in partials {
      partial.touch(time)
      partial.touch(plan.endTime)
    }
    (partialWeights, partialBias) = (partials[0], partials[1])
  }

  func prepare() {
    guard let values = parameters.values.baseAddress else { return }
    forwardPart.pack(values + weights.range.lowerBound)
    dataPart?.pack(values + weights.range.lowerBound)
  }

  func forward(_ thread: ThreadContext) {
    let biasValues = bias.flatMap { entry in
      parameters.values.baseAddress.map { $0 + entry.range.lowerBound }
    }
    forwardPart.execute(
      thread, source: memory.pointer(input.buffer, thread.index), bias: biasValues,
      destination: memory.pointer(output.buffer, thread.index),
      scratch: memory.pointer(scratch, thread.index))
  }

  func backward(_ thread: ThreadContext) {
    let images = memory.images(thread.index)
    guard let route, images > 0 else { return }
    let dy = route.outputFloats(thread)
    if let partialWeights, let partialBias {
      DepthwiseKernel(options.window(over: input.image, images: images)).weightGradient(
        memory.pointer(input.buffer, thread.index), dy: dy,
        into: memory.pointer(partialWeights, thread.index))
      if bias != nil {
        ChannelKernels(images: images, plane: output.image.plane).sum(
          dy, into: memory.pointer(partialBias, thread.index), channels: options.filters)
      }
    }
    if let dx = route.inputFloats(thread) {
      dataPart?.execute(
        thread, source: dx, bias: nil, destination: dy,
        scratch: memory.pointer(scratch, thread.index))
    }
  }

  func finish() {
    gather(partialWeights, weights)
    if let bias { gather(partialBias, bias) }
  }

  private func gather(_ partial: PlanBuffer?, _ entry: Parameters.Entry) {
    guard let partial, let gradients = parameters.gradients.baseAddress else { return }
    let total = gradients + entry.range.lowerBound
    total.update(repeating: 0, count: entry.count)
    for thread in memory.slices.indices where memory.images(thread) > 0 {
      let part = memory.pointer(partial, thread)
      for i in 0..<entry.count { total[i] += part[i] }
    }
  }
}
