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
    norm = folded.norm.map { FoldedNorm($0.options, node: $0.node, of: plan.parameters) }
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
    let source = UnsafeBufferPointer(parameters.slice(parameters.values, weights))
    let bias = bias.map { UnsafeBufferPointer(parameters.slice(parameters.values, $0)) }
    let shift = UnsafeMutableBufferPointer(
      start: foldedBias.pointer(at: 0, as: Float.self), count: output.image.channels)
    guard let norm else {
      if let bias { _ = shift.update(from: bias) } else { shift.update(repeating: 0) }
      if let base = source.baseAddress { primitives.pack(base) }
      return
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: source.count) { scaled in
      norm.fold(weight: source, bias: bias, scaled: scaled, shift: shift)
      if let base = scaled.baseAddress { primitives.pack(base) }
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
