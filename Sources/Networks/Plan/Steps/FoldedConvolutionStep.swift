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
    let memory = memory
    primitives = try PackedConvolution(memory) { images throws(BalanceError) in
      try ConvolutionRule.primitive(
        folded.options, over: input, images: images, .forward, hasBias: true,
        epilogue: .init(addsDestination: residual != nil, activation: folded.activation),
        threads: memory.primitiveThreads, options: plan.options)
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
    let destination = memory.raw(output.buffer, thread.index)
    if let residual, residual.buffer !== output.buffer {
      destination.copyMemory(
        from: memory.raw(residual.buffer, thread.index),
        byteCount: output.bytesPerImage * memory.images(thread.index))
    }
    primitives.execute(
      thread, source: memory.raw(input.buffer, thread.index),
      bias: foldedBias.pointer(at: 0, as: Float.self), destination: destination,
      scratch: memory.raw(scratch, thread.index))
  }

  func backward(_ thread: ThreadContext) {}
}
