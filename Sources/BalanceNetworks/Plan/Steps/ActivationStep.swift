import BalanceCore
import BalanceTensors

/// y = f(x) on every value; dx = dy f′(x).
final class ActivationStep: PlanStep {
  private let kind: ActivationKernels.Kind
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private var route: GradientRoute?

  init(
    _ activation: Operation.Activation, input: PlanValue, output: PlanValue,
    in plan: PlanCompiler
  ) {
    kind = activation.kernel
    self.input = input
    self.output = output
    memory = plan.memory
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    route = GradientRoute(incoming, from: output, to: input, at: time, in: plan)
    input.buffer.touch(time)
  }

  func forward(_ thread: ThreadContext) {
    let y = memory.raw(output.buffer, thread.index)
    ActivationKernels.forward(
      kind, memory.raw(input.buffer, thread.index), into: y,
      count: output.elements * memory.images(thread.index), type: output.type)
    // f(0) may not be 0, and the padding must be.
    if output.layout == .blocked {
      ChannelKernels(output, images: memory.images(thread.index))
        .clearPadding(y, channels: output.image.channels)
    }
  }

  func backward(_ thread: ThreadContext) {
    guard let route, let dx = route.inputGradient(thread) else { return }
    ActivationKernels.gradient(
      kind, memory.raw(input.buffer, thread.index), dy: route.outputGradient(thread), into: dx,
      count: output.elements * memory.images(thread.index), type: output.type)
  }
}

extension Operation.Activation {
  var kernel: ActivationKernels.Kind {
    switch self {
    case .relu: .relu
    case .relu6: .relu6
    case .silu: .silu
    case .hardSwish: .hardSwish
    case .sigmoid: .sigmoid
    case .hardSigmoid: .hardSigmoid
    }
  }
}
