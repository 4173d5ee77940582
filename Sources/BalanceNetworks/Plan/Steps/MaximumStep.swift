import BalanceCore
import BalanceTensors

/// The maximum over windows, for evaluation. Where there are fewer images than threads, the threads
/// share their maps.
final class MaximumStep: PlanStep {
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private let kernel: MaximumKernel

  init(_ options: Operation.Pooling, input: PlanValue, output: PlanValue, in plan: PlanCompiler) {
    self.input = input
    self.output = output
    memory = plan.memory
    kernel = MaximumKernel(options.window(over: input.image, images: 1))
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    preconditionFailure("evaluation has no gradient")
  }

  func forward(_ thread: ThreadContext) {
    let blocks = BlockedKernels.blocks(input.image.channels)
    let count = memory.images(thread.index) * blocks
    let parts = min(memory.primitiveThreads, count)
    if parts == 0 { return }
    // Parts write to different maps.
    nonisolated(unsafe) let step = self
    OpenMPThreads.run(parts) { part in
      step.compute(
        ThreadContext.slice(of: count, part, of: parts), thread.index, mapsPerImage: blocks)
    }
  }

  private func compute(_ maps: Range<Int>, _ thread: Int, mapsPerImage: Int) {
    kernel.forward(
      memory.raw(input.buffer, thread) + maps.lowerBound * (input.bytesPerImage / mapsPerImage),
      into: memory.raw(output.buffer, thread)
        + maps.lowerBound * (output.bytesPerImage / mapsPerImage),
      maps: maps.count, type: input.type)
  }

  func backward(_ thread: ThreadContext) {}
}
