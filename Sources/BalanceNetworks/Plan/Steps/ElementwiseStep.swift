import BalanceCore
import BalanceTensors

/// out = f(norm(y) + residual), each part optional, in one pass over memory each way.
///
/// Backward: h = dout · f′(norm(y) + residual); dresidual = h; and through the norm
/// dy = γ/σ · (h − mean h − x̂ · mean(h x̂)) with x̂ = (y − μ)/σ, dγ = Σ h x̂, dβ = Σ h; through a
/// frozen norm dy = γ/σ · h.
///
/// Neighbouring convolutions may call parts of it for a few images at a time: see `Fusion`.
final class ElementwiseStep: PlanStep, NormGradientSource {
  private let norm: BatchNormState?
  private let input: PlanValue
  private let residual: PlanValue?
  private let output: PlanValue
  private let activation: ActivationKernels.Kind?
  private let memory: PlanMemory
  private let usesBatchStatistics: Bool
  private let role: Role
  /// A gradient of the output, and the sum of the others; where the next convolution calls, it
  /// brings the first.
  private var first: PlanBuffer?
  private var others: IncomingGradient?
  /// h, and dy where h must live on.
  private var masked: PlanBuffer?
  private var inputGradient: PlanBuffer?

  /// What the neighbours do for this step.
  struct Role {
    /// The next step calls `apply` in its forward pass and `maskGradient` in its backward pass.
    let isAppliedByNext: Bool
    /// The output is written to memory.
    let isStored: Bool
    /// The output may be read in the backward pass, rather than computed again.
    let isKept: Bool
    /// The step that makes the input calls `beginSums` and `writeGradient`.
    let isFed: Bool
    /// h is of no more use when the gradient of the residual is worked on.
    let isReadBeforeResidual: Bool
  }

  init(
    norm: (options: Operation.BatchNorm, node: Int)?, input: PlanValue, residual: PlanValue?,
    activation: Operation.Activation?, output: PlanValue, role: Role, at time: Int,
    in plan: PlanCompiler
  ) {
    self.input = input
    self.residual = residual
    self.output = output
    self.activation = activation?.kernel
    self.role = role
    memory = plan.memory
    let state = norm.map {
      BatchNormState($0.options, node: $0.node, plane: input.image.plane, in: plan)
    }
    self.norm = state
    usesBatchStatistics = plan.purpose == .training && state?.isFrozen == false
    if role.isAppliedByNext {
      input.buffer.touch(time + 1)
      residual?.buffer.touch(time + 1)
      if role.isStored { output.buffer.touch(time + 1) }
    }
  }

  // MARK: Forward

  func forward(_ thread: ThreadContext) {
    let t = thread.index
    if let norm {
      if usesBatchStatistics {
        if !role.isFed {
          kernels(memory.images(t)).channelSums(
            memory.raw(input.buffer, t), into: norm.clearSums(t))
        }
        thread.barrier()
        norm.useBatchStatistics(t)
      } else {
        norm.useRunningStatistics(t)
      }
    }
    if !role.isAppliedByNext { apply(0..<memory.images(t), t, padded: nil, keep: true) }
  }

  func beginSums(_ thread: Int) -> UnsafeMutablePointer<Double>? {
    usesBatchStatistics ? norm?.clearSums(thread) : nil
  }

  /// Writes the output of some of a thread's images to memory if `keep` and it is stored, and
  /// within zeros to `padded`. The backward pass does not `keep`.
  func apply(
    _ images: Range<Int>, _ thread: Int, padded: UnsafeMutablePointer<Float>?, keep: Bool
  ) {
    if !keep, role.isKept {
      kernels(images.count).scaleShift(
        memory.address(output, images, thread),
        into: nil, padded: padded)
      return
    }
    kernels(images.count).scaleShift(
      memory.address(input, images, thread), scale: norm?.scale(thread),
      shift: norm?.shift(thread),
      residual: residual.map { UnsafeRawPointer(memory.address($0, images, thread)) },
      activation: activation,
      into: keep && role.isStored ? memory.address(output, images, thread) : nil, padded: padded)
  }

  // MARK: Backward

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler)
    throws(BalanceError)
  {
    // The next step has been planned already: its backward pass runs just before.
    let times = role.isAppliedByNext ? [time - 1, time] : [time]
    var rest = incoming
    if !role.isAppliedByNext {
      precondition(!incoming.isEmpty, "a value without readers has no gradient")
      first = rest.removeFirst().buffer
    }
    others = rest.isEmpty ? nil : IncomingGradient(rest, of: output, at: times[0], in: plan)
    let reusable =
      first != nil && incoming[0].exclusive
      ? first : others.flatMap { $0.isExclusive ? $0.buffer : nil }
    let h = reusable ?? memory.perImage(like: output)
    masked = h
    for time in times {
      first?.touch(time)
      others?.buffer.touch(time)
      h.touch(time)
      touchSources(time)
    }
    if let residual, plan.needsGradient(residual.id) {
      plan.contribute(
        h, exclusive: norm != nil && role.isReadBeforeResidual, to: residual.id)
    }
    guard plan.needsGradient(input.id) else { return }
    if norm == nil {
      plan.contribute(h, exclusive: residual == nil, to: input.id)
    } else if !role.isFed {
      let dy = residual == nil ? h : memory.perImage(like: input)
      dy.touch(time)
      plan.contribute(dy, to: input.id)
      inputGradient = dy
    }
  }

  /// Says that the backward pass reads what the output is made from, or the output, at this time.
  func touchSources(_ time: Int) {
    input.buffer.touch(time)
    if !role.isKept || masksByInput { residual?.buffer.touch(time) }
    if role.isKept, role.isAppliedByNext || activation == .relu { output.buffer.touch(time) }
  }

  /// Whether the gradient's mask is computed from what the output is made from.
  private var masksByInput: Bool {
    norm != nil && activation != nil && !(activation == .relu && role.isKept)
  }

  func touchGradient(_ time: Int) {
    masked?.touch(time)
    input.buffer.touch(time)
  }

  func backward(_ thread: ThreadContext) {
    let t = thread.index
    if let first {
      beginGradient(thread)
      maskGradient(0..<memory.images(t), t, memory.raw(first, t), of: output.type)
    }
    if usesBatchStatistics {
      thread.barrier()
      norm?.prepareGradient(t)
    }
    if let inputGradient {
      writeGradient(0..<memory.images(t), t, into: memory.raw(inputGradient, t), padded: nil)
    }
  }

  /// Clears the thread's sums and adds up the gradients of the output that are there already.
  func beginGradient(_ thread: ThreadContext) {
    norm?.clearGradientSums(thread.index)
    _ = others?.resolve(thread)
  }

  /// h for some of a thread's images, whose output has the gradient `first` on top of the others.
  func maskGradient(
    _ images: Range<Int>, _ thread: Int, _ first: UnsafeRawPointer, of type: ActivationType
  ) {
    guard let masked else { return }
    let offset = images.lowerBound * output.bytesPerImage
    let second = others.map { UnsafeRawPointer(memory.raw($0.buffer, thread) + offset) }
    let y = memory.address(input, images, thread)
    let mask: BlockedKernels.Mask
    if let activation, masksByInput, let norm {
      mask = .input(
        activation, scale: norm.scale(thread), shift: norm.shift(thread),
        residual: residual.map { UnsafeRawPointer(memory.address($0, images, thread)) })
    } else if activation == nil {
      mask = .everywhere
    } else {
      // ReLU's output; alone, it is positive where the input is.
      mask = .output(role.isKept ? memory.address(output, images, thread) : y)
    }
    kernels(images.count).maskedGradient(
      first, of: type, second, mask: mask,
      moments: norm.map {
        .init(y: y, mean: $0.mean(thread), sums: $0.gradientSums(thread))
      },
      into: memory.raw(masked, thread) + offset)
  }

  func writeGradient(
    _ images: Range<Int>, _ thread: Int, into dy: UnsafeMutableRawPointer?,
    padded: UnsafeMutablePointer<Float>?
  ) {
    guard let norm, let masked else { return }
    let h = memory.raw(masked, thread) + images.lowerBound * output.bytesPerImage
    guard usesBatchStatistics else {
      kernels(images.count).scaleShift(
        h, scale: norm.scale(thread), into: dy,
        padded: padded)
      return
    }
    kernels(images.count).normalizationGradient(
      h, y: memory.address(input, images, thread), mean: norm.mean(thread),
      a: norm.gradientFactors(thread, 0), b: norm.gradientFactors(thread, 1),
      d: norm.gradientFactors(thread, 2), into: dy, padded: padded)
  }

  private func kernels(_ images: Int) -> BlockedKernels {
    BlockedKernels(output, images: images)
  }
}
