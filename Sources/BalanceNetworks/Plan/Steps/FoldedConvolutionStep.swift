import BalanceCore
import BalanceTensors

/// y = f(W' ∗ x + b' + residual) with a batch norm folded into W' = W γ/σ and
/// b' = β + (b − μ) γ/σ; evaluation only, so σ² and μ are the running statistics.
final class FoldedConvolutionStep: PlanStep {
  private let input: PlanValue
  private let output: PlanValue
  private let residual: PlanValue?
  private let memory: PlanMemory
  private let folded: FoldedParameters
  private let scratch: PlanBuffer
  private let primitives: PackedConvolution

  var weight: Int { folded.weights.count }
  var algorithms: PlannedConvolution.Passes? { .init(primitives.algorithm) }

  init(
    _ convolution: FoldedConvolution, input: PlanValue, residual: PlanValue?, output: PlanValue,
    in plan: PlanCompiler
  ) throws(BalanceError) {
    self.input = input
    self.residual = residual
    self.output = output
    memory = plan.memory
    scratch = plan.scratch
    folded = try FoldedParameters(convolution, channels: output.image.channels, in: plan)
    let memory = memory
    primitives = try PackedConvolution(memory) { images throws(BalanceError) in
      try ConvolutionRule.primitive(
        convolution.options, over: input, images: images, .forward, hasBias: true,
        epilogue: .init(addsDestination: residual != nil, activation: convolution.activation),
        threads: memory.primitiveThreads, options: plan.options)
    }
    scratch.require(bytes: primitives.scratchBytes)
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    preconditionFailure("a folded convolution has no gradient")
  }

  func prepare() { folded.fold { primitives.pack($0) } }

  func forward(_ thread: ThreadContext) {
    let destination = memory.raw(output.buffer, thread.index)
    if let residual, residual.buffer !== output.buffer {
      destination.copyMemory(
        from: memory.raw(residual.buffer, thread.index),
        byteCount: output.bytesPerImage * memory.images(thread.index))
    }
    primitives.execute(
      thread, source: memory.raw(input.buffer, thread.index),
      bias: folded.foldedBias, destination: destination,
      scratch: memory.raw(scratch, thread.index))
  }

  func backward(_ thread: ThreadContext) {}
}
