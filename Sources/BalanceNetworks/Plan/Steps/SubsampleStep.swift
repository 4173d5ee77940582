import BalanceCore
import BalanceTensors

/// The parameter-free shortcut of CIFAR ResNets.
final class SubsampleStep: PlanStep {
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private let kernel: SubsamplingKernel
  private var route: GradientRoute?

  init(
    _ options: Operation.Subsample, input: PlanValue, output: PlanValue, in plan: PlanCompiler
  ) {
    self.input = input
    self.output = output
    memory = plan.memory
    kernel = SubsamplingKernel(
      inChannels: input.image.channels, inHeight: input.image.height, inWidth: input.image.width,
      outChannels: options.channels, stride: options.stride,
      before: (options.channels - input.image.channels) / 2, type: input.type)
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    route = GradientRoute(incoming, from: output, to: input, at: time, in: plan)
  }

  func forward(_ thread: ThreadContext) {
    kernel.forward(
      memory.raw(input.buffer, thread.index), into: memory.raw(output.buffer, thread.index),
      images: memory.images(thread.index))
  }

  func backward(_ thread: ThreadContext) {
    guard let route, let dx = route.inputGradient(thread) else { return }
    kernel.gradient(
      route.outputGradient(thread), into: dx,
      images: memory.images(thread.index))
  }
}
