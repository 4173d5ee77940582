import BalanceCore
import BalanceTensors

/// Maximum or mean over windows, over oneDNN, which remembers the winners for the backward pass.
final class PoolingStep: PlanStep {
  private let options: Operation.Pooling
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private let forwardPart: [PoolingPrimitive?]
  private var backwardPart: [PoolingPrimitive?] = []
  private let workspace: PlanBuffer
  private var route: GradientRoute?

  init(
    _ options: Operation.Pooling, input: PlanValue, output: PlanValue, at time: Int,
    in plan: PlanCompiler
  ) throws(BalanceError) {
    self.options = options
    self.input = input
    self.output = output
    memory = plan.memory
    forwardPart = try Self.primitives(options, input, .forward, in: plan)
    workspace = memory.fixed(bytes: forwardPart.compactMap { $0?.workspaceBytes }.max() ?? 0)
    workspace.touch(time)
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler)
    throws(BalanceError)
  {
    let route = GradientRoute(incoming, from: output, to: input, at: time, in: plan)
    self.route = route
    guard route.reachesInput else { return }
    workspace.touch(time)
    backwardPart = try Self.primitives(options, input, .backwardData, in: plan)
  }

  func forward(_ thread: ThreadContext) {
    forwardPart[thread.index]?.execute(
      source: memory.raw(input.buffer, thread.index),
      destination: memory.raw(output.buffer, thread.index),
      workspace: memory.raw(workspace, thread.index))
  }

  func backward(_ thread: ThreadContext) {
    guard let route, let dx = route.inputGradient(thread) else { return }
    backwardPart[thread.index]?.execute(
      source: dx, destination: route.outputGradient(thread),
      workspace: memory.raw(workspace, thread.index))
  }

  private static func primitives(
    _ options: Operation.Pooling, _ input: PlanValue, _ direction: ConvolutionPrimitive.Direction,
    in plan: PlanCompiler
  ) throws(BalanceError) -> [PoolingPrimitive?] {
    var made: [PoolingPrimitive?] = []
    for slice in plan.memory.slices {
      made.append(
        slice.isEmpty
          ? nil
          : try PoolingPrimitive(
            options.window(over: input.image, images: slice.count), direction: direction,
            kind: options.kind == .maximum ? .maximum : .averageIncludingPadding,
            type: input.type, threads: plan.memory.primitiveThreads))
    }
    return made
  }
}
