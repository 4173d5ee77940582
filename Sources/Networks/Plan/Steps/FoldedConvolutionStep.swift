import BalanceCore
import Tensors

/// y = f(W' ∗ x + b' + residual) with a batch norm folded into W' = W γ/σ and
/// b' = β + (b − μ) γ/σ; evaluation only, so σ² and μ are the running statistics.
final class FoldedConvolutionStep: PlanStep {
  private let input: PlanValue
  private let output: PlanValue
  private let residual: PlanValue?
  private let memory: PlanMemory
  private let parameters: Parameters
  private let weights: Parameters.Entry
  private let bias: Parameters.Entry?
  private let norm: FoldedNorm?
  private let scratch: PlanBuffer
  private let primitives: PackedConvolution
  private let foldedBias: AlignedMemory

  var weight: Int { weights.count }

  init(
    _ folded: FoldedConvolution, input: PlanValue, residual: PlanValue?, output: PlanValue,
    in plan: PlanCompiler
  ) throws(BalanceError) {
    guard let weights = plan.entry(folded.node, "weight") else {
      preconditionFailure("node \(folded.node) has no weights")
    }
    self.weights = weights
    bias = plan.entry(folded.node, "bias")
    norm = folded.norm.map { FoldedNorm($0.options, node: $0.node, in: plan) }
    self.input = input
    self.residual = residual
    self.output = output
    memory = plan.memory
    parameters = plan.parameters
    scratch = plan.scratch
    foldedBias = try AlignedMemory(
      bytes: BlockedKernels.blocks(output.image.channels) * 16 * MemoryLayout<Float>.size)
    let (memory, planOptions) = (memory, plan.options)
    primitives = try PackedConvolution(memory) { images throws(BalanceError) in
      try Self.primitive(folded, input, images, planOptions, threads: memory.primitiveThreads)
    }
    scratch.require(bytes: primitives.scratchBytes)
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    preconditionFailure("a folded convolution has no gradient")
  }

  func prepare() {
    guard let values = parameters.values.baseAddress else { return }
    let source = values + weights.range.lowerBound
    let shift = foldedBias.pointer(at: 0, as: Float.self)
    let channels = output.image.channels
    let perChannel = weights.count / channels
    withUnsafeTemporaryAllocation(of: Float.self, capacity: weights.count) { buffer in
      guard let scaled = buffer.baseAddress else { return }
      for channel in 0..<channels {
        let b = bias.map { Double(values[$0.range.lowerBound + channel]) } ?? 0
        let (scale, offset) = norm?.factors(channel) ?? (1, 0)
        shift[channel] = Float(offset + b * scale)
        let (from, to) = (source + channel * perChannel, scaled + channel * perChannel)
        for i in 0..<perChannel { to[i] = from[i] * Float(scale) }
      }
      primitives.pack(scaled)
    }
  }

  func forward(_ thread: ThreadContext) {
    let destination = memory.pointer(output.buffer, thread.index)
    if let residual, residual.buffer !== output.buffer {
      destination.update(
        from: memory.pointer(residual.buffer, thread.index),
        count: output.elements * memory.images(thread.index))
    }
    primitives.execute(
      thread, source: memory.pointer(input.buffer, thread.index),
      bias: foldedBias.pointer(at: 0, as: Float.self), destination: destination,
      scratch: memory.pointer(scratch, thread.index))
  }

  func backward(_ thread: ThreadContext) {}

  private static func primitive(
    _ folded: FoldedConvolution, _ input: PlanValue, _ images: Int, _ planOptions: PlanOptions,
    threads: Int
  ) throws(BalanceError) -> ConvolutionPrimitive {
    let window = folded.options.window(over: input.image, images: images)
    let source: ConvolutionPrimitive.SourceLayout = input.layout == .planar ? .planar : .blocked
    let epilogue = ConvolutionPrimitive.Epilogue(
      addsDestination: folded.residual != nil, activation: folded.activation)
    let algorithm = ConvolutionRule.algorithm(window, direction: .forward, options: planOptions)
    if algorithm == .winograd,
      let made = try? ConvolutionPrimitive(
        window, direction: .forward, algorithm: .winograd, source: source, hasBias: true,
        epilogue: epilogue, threads: threads)
    {
      return made
    }
    return try ConvolutionPrimitive(
      window, direction: .forward, algorithm: .direct, source: source, hasBias: true,
      epilogue: epilogue, threads: threads)
  }
}

/// A batch norm in evaluation as y = scale · x + offset per channel.
struct FoldedNorm {
  private let parameters: Parameters
  private let gamma: Parameters.Entry
  private let beta: Parameters.Entry
  private let mean: Parameters.Entry
  private let variance: Parameters.Entry
  private let epsilon: Double

  init(_ options: Operation.BatchNorm, node: Int, in plan: PlanCompiler) {
    guard let gamma = plan.entry(node, "weight"), let beta = plan.entry(node, "bias"),
      let mean = plan.entry(node, "running_mean"), let variance = plan.entry(node, "running_var")
    else { preconditionFailure("node \(node) lacks the parameters of a batch norm") }
    (self.gamma, self.beta, self.mean, self.variance) = (gamma, beta, mean, variance)
    epsilon = options.epsilon
    parameters = plan.parameters
  }

  /// γ/σ and β − μ γ/σ.
  func factors(_ channel: Int) -> (scale: Double, offset: Double) {
    let variance = parameters.bufferValues[variance.range.lowerBound + channel]
    let mean = parameters.bufferValues[mean.range.lowerBound + channel]
    let gamma = parameters.values[gamma.range.lowerBound + channel]
    let beta = parameters.values[beta.range.lowerBound + channel]
    let scale = Double(gamma) / (Double(variance) + epsilon).squareRoot()
    return (scale, Double(beta) - Double(mean) * scale)
  }
}
