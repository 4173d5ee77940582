import BalanceCore
import BalanceTensors

/// y = all channels of x₁, then of x₂, and so on; dxᵢ = dy's channels from where xᵢ's begin.
final class ConcatenateStep: PlanStep {
  private let inputs: [PlanValue]
  private let output: PlanValue
  private let memory: PlanMemory
  private var incoming: IncomingGradient?
  private var gradients: [PlanBuffer?] = []

  init(inputs: [PlanValue], output: PlanValue, in plan: PlanCompiler) {
    self.inputs = inputs
    self.output = output
    memory = plan.memory
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    self.incoming = IncomingGradient(incoming, of: output, at: time, in: plan)
    gradients = inputs.map { input in
      guard plan.needsGradient(input.id) else { return nil }
      let dx = memory.perImage(like: input)
      dx.touch(time)
      plan.contribute(dx, to: input.id)
      return dx
    }
  }

  func forward(_ thread: ThreadContext) {
    let kernels = kernels(thread)
    let y = memory.raw(output.buffer, thread.index)
    var start = 0
    for input in inputs {
      let channels = input.image.channels
      kernels.copy(
        memory.raw(input.buffer, thread.index), channels: channels, at: 0, to: y,
        toChannels: output.image.channels, at: start, count: channels)
      start += channels
    }
    kernels.clearPadding(y, channels: output.image.channels)
  }

  func backward(_ thread: ThreadContext) {
    guard let incoming else { return }
    let kernels = kernels(thread)
    let dy = incoming.resolve(thread)
    var start = 0
    for (input, gradient) in zip(inputs, gradients) {
      let channels = input.image.channels
      if let gradient {
        let dx = memory.raw(gradient, thread.index)
        kernels.copy(
          dy, channels: output.image.channels, at: start, to: dx, toChannels: channels, at: 0,
          count: channels)
        kernels.clearPadding(dx, channels: channels)
      }
      start += channels
    }
  }

  private func kernels(_ thread: ThreadContext) -> ChannelKernels {
    ChannelKernels(output, images: memory.images(thread.index))
  }
}
