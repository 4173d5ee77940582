import BalanceCore
import BalanceTensors

/// y = W ∗ x + b over oneDNN.
///
/// Forward: packed weights are shared by all threads whose slices have the same size. Backward:
/// dx = Wᵀ ∗ dy, and dW by the `ConvolutionWeightGradient` that suits the shapes.
final class ConvolutionStep: PlanStep {
  private let options: Operation.Convolution
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private let isFrozen: Bool
  private let parameters: Parameters
  private let weights: Parameters.Tensor
  private let bias: Parameters.Tensor?
  private let scratch: PlanBuffer
  private let forwardPart: PackedConvolution
  private var dataPart: PackedConvolution?
  private var weightGradient: (any ConvolutionWeightGradient)?
  private var route: GradientRoute?

  var weight: Int { weights.count }
  var algorithms: PlannedConvolution.Passes? {
    .init(
      forward: forwardPart.algorithm, data: dataPart?.algorithm,
      weights: weightGradient?.algorithm)
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
    forwardPart = try PackedConvolution(memory) { images throws(BalanceError) in
      try ConvolutionRule.primitive(
        options, over: input, images: images, .forward, hasBias: options.bias,
        options: plan.options)
    }
    scratch.require(bytes: forwardPart.scratchBytes)
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler)
    throws(BalanceError)
  {
    let route = GradientRoute(incoming, from: output, to: input, at: time, in: plan)
    self.route = route
    if route.reachesInput {
      let (options, input) = (options, input)
      let part = try PackedConvolution(memory) { images throws(BalanceError) in
        try ConvolutionRule.primitive(
          options, over: input, images: images, .backwardData, hasBias: false,
          options: plan.options)
      }
      scratch.require(bytes: part.scratchBytes)
      dataPart = part
    }
    if isFrozen { return }
    input.buffer.touch(time)
    let gradient: any ConvolutionWeightGradient
    if DepthwiseWeightGradient.fits(options, input) {
      gradient = DepthwiseWeightGradient(
        options, over: input, count: weights.count, at: time, in: plan)
    } else if SharedWeightGradient.fits(options, from: input, to: output, memory: memory) {
      gradient = try SharedWeightGradient(
        options, from: input, to: output, outputGradient: route.outputGradientBuffer,
        weights: weights, bias: bias, at: time, in: plan)
    } else {
      gradient = try PrimitiveWeightGradient(
        options, over: input, count: weights.count, at: time, in: plan)
    }
    scratch.require(bytes: gradient.scratchBytes)
    weightGradient = gradient
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
      thread, source: memory.raw(input.buffer, thread.index), bias: biasValues,
      destination: memory.raw(output.buffer, thread.index),
      scratch: memory.raw(scratch, thread.index))
  }

  func backward(_ thread: ThreadContext) {
    guard let route else { return }
    let dy = route.outputGradient(thread)
    let working = memory.raw(scratch, thread.index)
    weightGradient?.sum(
      thread, source: memory.raw(input.buffer, thread.index), outputGradient: dy,
      scratch: working)
    if let dx = route.inputGradient(thread) {
      dataPart?.execute(
        thread, source: dx, bias: nil, destination: dy, scratch: working)
    }
  }

  func finish() {
    guard let weightGradient, let gradients = parameters.gradients.baseAddress else { return }
    weightGradient.gather(
      weights: gradients + weights.range.lowerBound,
      bias: bias.map { gradients + $0.range.lowerBound })
  }
}
