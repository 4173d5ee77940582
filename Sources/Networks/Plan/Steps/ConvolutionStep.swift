import BalanceCore
import Tensors

/// y = W ∗ x + b over oneDNN.
///
/// Forward: packed weights are shared by all threads whose slices have the same size. Backward:
/// dx = Wᵀ ∗ dy; each thread sums dW over its own images, and `finish` adds the threads' sums.
final class ConvolutionStep: PlanStep {
  private let options: Operation.Convolution
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private let planOptions: PlanOptions
  private let isFrozen: Bool
  private let parameters: Parameters
  private let weights: Parameters.Entry
  private let bias: Parameters.Entry?
  private let scratch: PlanBuffer
  private var forwardPart: PackedConvolution
  private var dataPart: PackedConvolution?
  private var weightsPart: [ConvolutionPrimitive?] = []
  private var route: GradientRoute?
  private var partialWeights: PlanBuffer?
  private var partialBias: PlanBuffer?

  var weight: Int { weights.count }

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
    planOptions = plan.options
    isFrozen = plan.isFrozen(node)
    parameters = plan.parameters
    scratch = plan.scratch
    let (memory, planOptions, hasBias) = (memory, planOptions, options.bias)
    forwardPart = try PackedConvolution(memory) { images throws(BalanceError) in
      try Self.primitive(
        options, input, images, .forward, planOptions, hasBias: hasBias)
    }
    scratch.require(bytes: forwardPart.scratchBytes)
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler)
    throws(BalanceError)
  {
    let route = GradientRoute(incoming, from: output, to: input, at: time, in: plan)
    self.route = route
    let (options, input, planOptions) = (options, input, planOptions)
    if route.reachesInput {
      let part = try PackedConvolution(memory) { images throws(BalanceError) in
        try Self.primitive(options, input, images, .backwardData, planOptions, hasBias: false)
      }
      scratch.require(bytes: part.scratchBytes)
      dataPart = part
    }
    if isFrozen { return }
    input.buffer.touch(time)
    for slice in memory.slices {
      let made =
        slice.isEmpty
        ? nil
        : try Self.primitive(
          options, input, slice.count, .backwardWeights, planOptions, hasBias: options.bias)
      weightsPart.append(made)
      scratch.require(bytes: made?.scratchBytes ?? 0)
    }
    let partial = memory.fixed(bytes: weightsPart.compactMap { $0?.weightsBytes }.max() ?? 0)
    partial.touch(time)
    partial.touch(plan.endTime)
    partialWeights = partial
    // oneDNN may write whole blocks of sixteen channels.
    let bias = memory.fixed(bytes: (options.filters + 15) / 16 * 64)
    bias.touch(time)
    bias.touch(plan.endTime)
    partialBias = bias
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
    guard let route, memory.images(thread.index) > 0 else { return }
    let dy = route.outputGradient(thread)
    let working = memory.raw(scratch, thread.index)
    if let partialWeights, let partialBias, let primitive = weightsPart[thread.index] {
      primitive.execute(
        source: memory.raw(input.buffer, thread.index),
        packed: memory.raw(partialWeights, thread.index),
        bias: memory.raw(partialBias, thread.index), destination: dy, scratch: working)
    }
    if let dx = route.inputGradient(thread) {
      dataPart?.execute(
        thread, source: dx, bias: nil, destination: dy, scratch: working)
    }
  }

  func finish() {
    guard let partialWeights, let partialBias,
      let gradients = parameters.gradients.baseAddress
    else { return }
    var sum = PartialSum(into: gradients + weights.range.lowerBound, count: weights.count)
    // Threads with slices of one size share a packed layout and are added up packed.
    for group in Dictionary(grouping: memory.slices.indices, by: memory.images)
      .sorted(by: { $0.key > $1.key }) where group.key > 0
    {
      guard let primitive = weightsPart[group.value[0]] else { continue }
      let packed = memory.pointer(partialWeights, group.value[0])
      for thread in group.value.dropFirst() {
        let other = memory.pointer(partialWeights, thread)
        for i in 0..<primitive.weightsBytes / 4 { packed[i] += other[i] }
      }
      sum.add { primitive.unpack(packed, into: $0) }
    }
    guard let bias else { return }
    let total = gradients + bias.range.lowerBound
    for channel in 0..<bias.count {
      total[channel] = memory.slices.indices.reduce(0) { partial, thread in
        memory.images(thread) == 0
          ? partial : partial + memory.pointer(partialBias, thread)[channel]
      }
    }
  }

  private static func primitive(
    _ options: Operation.Convolution, _ input: PlanValue, _ images: Int,
    _ direction: ConvolutionPrimitive.Direction, _ planOptions: PlanOptions, hasBias: Bool
  ) throws(BalanceError) -> ConvolutionPrimitive {
    let window = options.window(over: input.image, images: images)
    let source: ConvolutionPrimitive.SourceLayout = input.layout == .planar ? .planar : .blocked
    let algorithm = ConvolutionRule.algorithm(window, direction: direction, options: planOptions)
    if algorithm == .winograd,
      let made = try? ConvolutionPrimitive(
        window, direction: direction, algorithm: .winograd, source: source, hasBias: hasBias,
        type: input.type)
    {
      return made
    }
    return try ConvolutionPrimitive(
      window, direction: direction, algorithm: .direct, source: source, hasBias: hasBias,
      type: input.type)
  }
}

/// Adds tensors that a closure writes, the first in place and the others through a temporary.
private struct PartialSum {
  private let total: UnsafeMutablePointer<Float>
  private let count: Int
  private var isFirst = true

  init(into total: UnsafeMutablePointer<Float>, count: Int) {
    self.total = total
    self.count = count
  }

  mutating func add(_ write: (UnsafeMutablePointer<Float>) -> Void) {
    if isFirst {
      write(total)
      isFirst = false
      return
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { other in
      guard let base = other.baseAddress else { return }
      write(base)
      for i in 0..<count { total[i] += base[i] }
    }
  }
}
