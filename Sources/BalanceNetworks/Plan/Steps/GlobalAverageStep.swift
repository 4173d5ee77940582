import BalanceCore
import BalanceTensors

/// rows[n, c] = mean of x[n, c] over height and width.
final class GlobalAverageStep: PlanStep {
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private var route: GradientRoute?

  init(input: PlanValue, output: PlanValue, in plan: PlanCompiler) {
    self.input = input
    self.output = output
    memory = plan.memory
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    route = GradientRoute(incoming, from: output, to: input, at: time, in: plan)
  }

  func forward(_ thread: ThreadContext) {
    LayoutKernels.globalAverage(
      memory.raw(input.buffer, thread.index), into: memory.pointer(output.buffer, thread.index),
      images: memory.images(thread.index), channels: input.image.channels,
      plane: input.image.plane, type: input.type)
  }

  func backward(_ thread: ThreadContext) {
    guard let route, let dx = route.inputGradient(thread) else { return }
    LayoutKernels.globalAverageGradient(
      route.outputRows(thread), into: dx, images: memory.images(thread.index),
      channels: input.image.channels, plane: input.image.plane, type: input.type)
  }
}
