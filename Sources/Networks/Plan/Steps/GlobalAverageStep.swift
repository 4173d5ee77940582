import BalanceCore
import Tensors

/// rows[n, c] = mean of x[n, c] over height and width.
final class GlobalAverageStep: PlanStep {
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private var gradient: IncomingGradient?
  private var inputGradient: PlanBuffer?

  init(input: PlanValue, output: PlanValue, in plan: PlanCompiler) {
    self.input = input
    self.output = output
    memory = plan.memory
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    gradient = IncomingGradient(incoming, floats: output.floats, at: time, in: plan)
    guard plan.needsGradient(input.id) else { return }
    let dx = memory.perImage(floats: input.floats)
    dx.touch(time)
    plan.contribute(dx, to: input.id)
    inputGradient = dx
  }

  func forward(_ thread: ThreadContext) {
    LayoutKernels.globalAverage(
      memory.pointer(input.buffer, thread.index), into: memory.pointer(output.buffer, thread.index),
      images: memory.images(thread.index), channels: input.image.channels, plane: input.image.plane)
  }

  func backward(_ thread: ThreadContext) {
    guard let gradient, let inputGradient else { return }
    LayoutKernels.globalAverageGradient(
      gradient.resolve(thread), into: memory.pointer(inputGradient, thread.index),
      images: memory.images(thread.index), channels: input.image.channels, plane: input.image.plane)
  }
}
