import BalanceCore
import BalanceTensors

/// out = maximum over 2×2 windows of max(norm(y), 0), norm and ReLU optional: one pass over y each
/// way, and another for batch norm's sums. Neither the normalised map nor its gradient is stored.
///
/// Backward: with h the gradient of norm(y), which the first largest value of each window gets if
/// ReLU lets it pass, dy as in `ElementwiseStep`.
final class PooledElementwiseStep: PlanStep, NormGradientSource {
  private let norm: BatchNormState?
  private let input: PlanValue
  private let output: PlanValue
  private let relu: Bool
  private let memory: PlanMemory
  private let usesBatchStatistics: Bool
  /// Whether the step that makes the input calls `beginSums` and `writeGradient`.
  private let isFed: Bool
  private var incoming: IncomingGradient?
  private var inputGradient: PlanBuffer?

  init(
    norm: (options: Operation.BatchNorm, node: Int)?, input: PlanValue, relu: Bool,
    output: PlanValue, isFed: Bool, in plan: PlanCompiler
  ) {
    self.input = input
    self.output = output
    self.relu = relu
    self.isFed = isFed
    memory = plan.memory
    let state = norm.map {
      BatchNormState($0.options, node: $0.node, plane: input.image.plane, in: plan)
    }
    self.norm = state
    usesBatchStatistics = state?.isFrozen == false
  }

  func forward(_ thread: ThreadContext) {
    let t = thread.index
    let images = memory.images(t)
    if usesBatchStatistics {
      if !isFed, let norm {
        BlockedKernels(input, images: images).channelSums(
          memory.raw(input.buffer, t), into: norm.clearSums(t))
      }
      thread.barrier()
      norm?.useBatchStatistics(t)
    } else {
      norm?.useRunningStatistics(t)
    }
    kernels(images, t).forward(
      memory.raw(input.buffer, t), into: memory.raw(output.buffer, t))
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    self.incoming = IncomingGradient(incoming, of: output, at: time, in: plan)
    input.buffer.touch(time)
    guard plan.needsGradient(input.id), !isFed else { return }
    let dy = memory.perImage(like: input)
    dy.touch(time)
    plan.contribute(dy, to: input.id)
    inputGradient = dy
  }

  func backward(_ thread: ThreadContext) {
    let t = thread.index
    guard let dout = incoming?.resolve(thread) else { return }
    if usesBatchStatistics, let norm {
      norm.clearGradientSums(t)
      kernels(memory.images(t), t).gradientSums(
        dout,
        .init(y: memory.raw(input.buffer, t), mean: norm.mean(t), sums: norm.gradientSums(t)))
      thread.barrier()
      norm.prepareGradient(t)
    }
    if let inputGradient {
      writeGradient(0..<memory.images(t), t, into: memory.raw(inputGradient, t), padded: nil)
    }
  }

  // MARK: For the convolution that makes the input

  func beginSums(_ thread: Int) -> UnsafeMutablePointer<Double>? {
    usesBatchStatistics ? norm?.clearSums(thread) : nil
  }

  func touchGradient(_ time: Int) {
    incoming?.buffer.touch(time)
    input.buffer.touch(time)
  }

  func writeGradient(
    _ images: Range<Int>, _ thread: Int, into dy: UnsafeMutableRawPointer?,
    padded: UnsafeMutablePointer<Float>?
  ) {
    guard let incoming else { return }
    let factors: PooledKernels.Factors =
      if let norm, usesBatchStatistics {
        .init(
          a: norm.gradientFactors(thread, 0), b: norm.gradientFactors(thread, 1),
          d: norm.gradientFactors(thread, 2), mean: norm.mean(thread))
      } else {
        .init(a: norm?.scale(thread))
      }
    let dout = memory.raw(incoming.buffer, thread) + images.lowerBound * output.bytesPerImage
    kernels(images.count, thread).gradient(
      dout, y: memory.address(input, images, thread), factors, into: dy, padded: padded)
  }

  private func kernels(_ images: Int, _ thread: Int) -> PooledKernels {
    PooledKernels(
      images: images, channels: input.image.channels, height: input.image.height,
      width: input.image.width, type: input.type, scale: norm?.scale(thread),
      shift: norm?.shift(thread), relu: relu)
  }
}
