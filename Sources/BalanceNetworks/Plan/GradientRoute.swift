import BalanceTensors

/// How the gradient passes a step with one input: the sum of what flows into its output, and the
/// buffer for its input's gradient where that is of use.
struct GradientRoute {
  private let incoming: IncomingGradient
  private let inputGradient: PlanBuffer?
  private let memory: PlanMemory

  /// Plans both at `time`.
  init(
    _ incoming: [GradientContribution], from output: PlanValue, to input: PlanValue, at time: Int,
    in plan: PlanCompiler
  ) {
    self.incoming = IncomingGradient(incoming, of: output, at: time, in: plan)
    memory = plan.memory
    guard plan.needsGradient(input.id) else {
      inputGradient = nil
      return
    }
    let dx = memory.perImage(like: input)
    dx.touch(time)
    plan.contribute(dx, to: input.id)
    inputGradient = dx
  }

  /// Where each thread has its gradient of the output, once it has called `outputGradient`.
  var outputGradientBuffer: PlanBuffer { incoming.buffer }

  var reachesInput: Bool { inputGradient != nil }

  /// This thread's gradient of the output.
  func outputGradient(_ thread: ThreadContext) -> UnsafeMutableRawPointer {
    incoming.resolve(thread)
  }

  /// This thread's gradient of an output that is rows.
  func outputRows(_ thread: ThreadContext) -> UnsafeMutablePointer<Float> {
    incoming.resolve(thread).assumingMemoryBound(to: Float.self)
  }

  /// Where this thread writes the gradient of the input; nil for the pixels.
  func inputGradient(_ thread: ThreadContext) -> UnsafeMutableRawPointer? {
    inputGradient.map { memory.raw($0, thread.index) }
  }

  /// Where this thread writes the gradient of an input that is rows.
  func inputRows(_ thread: ThreadContext) -> UnsafeMutablePointer<Float>? {
    inputGradient.map { memory.pointer($0, thread.index) }
  }
}
