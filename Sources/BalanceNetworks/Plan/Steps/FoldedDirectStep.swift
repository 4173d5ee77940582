import BalanceCore
import BalanceTensors

/// The own kernels that evaluation plans list.
protocol PlannedKernel: DirectKernel {
  static var planned: PlannedConvolution.Algorithm { get }
}

extension PointwiseConvolution: PlannedKernel {
  static var planned: PlannedConvolution.Algorithm { .ownPointwise }
}

extension DepthwiseConvolution: PlannedKernel {
  static var planned: PlannedConvolution.Algorithm { .ownDepthwise }
}

extension PlanarConvolution: PlannedKernel {
  static var planned: PlannedConvolution.Algorithm { .ownPlanar }
}

/// y = f(W' ∗ x + b' + residual) as `FoldedConvolutionStep`, by an own kernel over all of a
/// thread's images. Where there are fewer images than threads, the threads share the output.
final class FoldedDirectStep<Kernel: PlannedKernel>: PlanStep {
  private let folded: FoldedParameters
  private let options: Operation.Convolution
  private let activation: ConvolutionPrimitive.Epilogue.Activation
  private let input: PlanValue
  private let output: PlanValue
  private let residual: PlanValue?
  private let memory: PlanMemory
  private let packed: AlignedMemory
  private let parts: [KernelPart]
  private let scratch: PlanBuffer
  private let scratchBytes: Int

  var weight: Int { folded.weights.count }
  var algorithms: PlannedConvolution.Passes? { .init(Kernel.planned) }

  init(
    _ convolution: FoldedConvolution, input: PlanValue, residual: PlanValue?, output: PlanValue,
    in plan: PlanCompiler
  ) throws(BalanceError) {
    folded = try FoldedParameters(convolution, channels: output.image.channels, in: plan)
    options = convolution.options
    activation = convolution.activation
    self.input = input
    self.output = output
    self.residual = residual
    memory = plan.memory
    scratch = plan.scratch
    let kernel = Kernel(options.window(over: input.image, images: 0))
    packed = try AlignedMemory(bytes: kernel.weightsCount * 4)
    parts = Self.parts(of: output.image, threads: memory.primitiveThreads)
    scratchBytes = (kernel.scratchBytes + 63) / 64 * 64
    scratch.require(bytes: scratchBytes * parts.count)
  }

  /// Blocks of channels or rows, of which the largest part is the smaller.
  private static func parts(of output: ImageShape, threads: Int) -> [KernelPart] {
    let (blocks, rows) = (BlockedKernels.blocks(output.channels), output.height)
    func largest(_ count: Int) -> Double {
      Double((count + threads - 1) / threads) / Double(count)
    }
    if largest(blocks) <= largest(rows) {
      return ThreadContext.slices(of: blocks, among: threads).map {
        KernelPart(blocks: $0, rows: 0..<rows)
      }
    }
    return ThreadContext.slices(of: rows, among: threads).map {
      KernelPart(blocks: 0..<blocks, rows: $0)
    }
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    preconditionFailure("a folded convolution has no gradient")
  }

  func prepare() {
    folded.fold { kernel(0).pack($0, into: packed.pointer(at: 0, as: Float.self)) }
  }

  func forward(_ thread: ThreadContext) {
    let t = thread.index
    // Parts write to different places.
    nonisolated(unsafe) let step = self
    OpenMPThreads.run(parts.count) { step.compute(part: $0, t) }
  }

  private func compute(part: Int, _ t: Int) {
    kernel(memory.images(t)).forward(
      parts[part], memory.raw(input.buffer, t), packed.pointer(at: 0, as: Float.self),
      KernelEpilogue(
        bias: folded.foldedBias,
        residual: residual.map { UnsafeRawPointer(memory.raw($0.buffer, t)) },
        activation: activation),
      into: memory.raw(output.buffer, t), type: output.type,
      scratch: memory.raw(scratch, t) + part * scratchBytes)
  }

  func backward(_ thread: ThreadContext) {}

  private func kernel(_ images: Int) -> Kernel {
    Kernel(options.window(over: input.image, images: images))
  }
}
