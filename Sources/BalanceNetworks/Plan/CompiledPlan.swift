import BalanceTensors

/// The steps of a network for one batch size, ready to run.
///
/// `@unchecked Sendable`: threads of a pool run it together, each on its own images.
final class CompiledPlan: @unchecked Sendable {
  private let input: InputStep
  private let steps: [any PlanStep]
  private let logits: PlanBuffer
  private let logitsGradient: PlanBuffer?
  private let classes: Int
  private let memory: PlanMemory
  /// What computes each convolution.
  let convolutions: [PlannedConvolution]
  /// The thread that prepares and finishes each step.
  private let owners: [Int]
  /// Whether the steps hold the parameters as they are; in training they never do for long.
  private var isPrepared = false

  init(
    input: InputStep, steps: [any PlanStep], logits: PlanBuffer, logitsGradient: PlanBuffer?,
    classes: Int, memory: PlanMemory, convolutions: [PlannedConvolution]
  ) {
    self.convolutions = convolutions
    self.input = input
    self.steps = steps
    self.logits = logits
    self.logitsGradient = logitsGradient
    self.classes = classes
    self.memory = memory
    owners = Self.share(steps.map(\.weight), over: memory.slices.count)
  }

  /// Pixels `[N, H, W, C]` to logits `[N, classes]`.
  func forward(
    _ pixels: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, on pool: ComputePool
  ) {
    nonisolated(unsafe) let pixels = pixels
    nonisolated(unsafe) let result = result
    let prepares = !isPrepared
    isPrepared = logitsGradient == nil
    pool.run { thread in
      if prepares {
        for (step, owner) in zip(steps, owners) where owner == thread.index { step.prepare() }
      }
      input.forward(pixels, thread)
      thread.barrier()
      for step in steps { step.forward(thread) }
      let rows = memory.slices[thread.index]
      (result + rows.lowerBound * classes)
        .update(from: memory.pointer(logits, thread.index), count: rows.count * classes)
    }
  }

  /// Parameters have changed: the next forward pass prepares the steps again.
  func refresh() { isPrepared = false }

  /// The gradient of the loss with respect to the logits `[N, classes]` to the gradients of all
  /// parameters.
  func backward(_ gradient: UnsafePointer<Float>, on pool: ComputePool) {
    guard let logitsGradient else { preconditionFailure("an evaluation plan has no gradients") }
    nonisolated(unsafe) let gradient = gradient
    nonisolated(unsafe) let target = logitsGradient
    pool.run { thread in
      let rows = memory.slices[thread.index]
      memory.pointer(target, thread.index)
        .update(from: gradient + rows.lowerBound * classes, count: rows.count * classes)
      for (step, owner) in zip(steps, owners) where owner == thread.index { step.prepareBackward() }
      thread.barrier()
      for step in steps.reversed() { step.backward(thread) }
      thread.barrier()
      for (step, owner) in zip(steps, owners) where owner == thread.index { step.finish() }
    }
  }

  /// Gives each step, the heaviest first, to the thread with the least to do.
  private static func share(_ weights: [Int], over threads: Int) -> [Int] {
    var load = [Int](repeating: 0, count: threads)
    var owners = [Int](repeating: 0, count: weights.count)
    for index in weights.indices.sorted(by: { (-weights[$0], $0) < (-weights[$1], $1) }) {
      let owner = load.indices.min { (load[$0], $0) < (load[$1], $1) } ?? 0
      owners[index] = owner
      load[owner] += weights[index] + 1
    }
    return owners
  }
}
