import BalanceCore
import BalanceTensors

/// y[n, h, w, c] = x[n, h, w, c] · s[n, c]; dx = dy · s, ds[n, c] = Σ dy · x over h and w.
final class ScaleChannelsStep: PlanStep {
  private let input: PlanValue
  private let features: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private var incoming: IncomingGradient?
  private var inputGradient: PlanBuffer?
  private var featuresGradient: PlanBuffer?

  init(input: PlanValue, features: PlanValue, output: PlanValue, in plan: PlanCompiler) {
    self.input = input
    self.features = features
    self.output = output
    memory = plan.memory
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    self.incoming = IncomingGradient(incoming, of: output, at: time, in: plan)
    let dx = memory.perImage(like: input)
    let ds = memory.perImage(like: features)
    for buffer in [dx, ds, input.buffer, features.buffer] { buffer.touch(time) }
    if plan.needsGradient(input.id) { plan.contribute(dx, to: input.id) }
    if plan.needsGradient(features.id) { plan.contribute(ds, to: features.id) }
    inputGradient = dx
    featuresGradient = ds
  }

  func forward(_ thread: ThreadContext) {
    kernels(thread).scale(
      memory.raw(input.buffer, thread.index),
      by: memory.pointer(features.buffer, thread.index),
      into: memory.raw(output.buffer, thread.index), channels: output.image.channels)
  }

  func backward(_ thread: ThreadContext) {
    guard let incoming, let inputGradient, let featuresGradient else { return }
    kernels(thread).scaleGradient(
      memory.raw(input.buffer, thread.index),
      by: memory.pointer(features.buffer, thread.index), dy: incoming.resolve(thread),
      into: memory.raw(inputGradient, thread.index),
      rowsGradient: memory.pointer(featuresGradient, thread.index),
      channels: output.image.channels)
  }

  private func kernels(_ thread: ThreadContext) -> ChannelKernels {
    ChannelKernels(output, images: memory.images(thread.index))
  }
}
