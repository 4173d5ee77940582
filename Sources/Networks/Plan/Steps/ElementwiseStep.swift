import BalanceCore
import Tensors

/// out = max(norm(y) + residual, 0), each part optional, in one pass over memory each way.
///
/// Backward: h = dout where out > 0; dresidual = h; and through the norm
/// dy = γ/σ · (h − mean h − x̂ · mean(h x̂)) with x̂ = (y − μ)/σ, dγ = Σ h x̂, dβ = Σ h; through a
/// frozen norm dy = γ/σ · h.
final class ElementwiseStep: PlanStep {
  private let norm: BatchNormState?
  private let input: PlanValue
  private let residual: PlanValue?
  private let output: PlanValue
  private let relu: Bool
  private let memory: PlanMemory
  private let purpose: PlanCompiler.Purpose
  private var incoming: [PlanBuffer] = []
  private var rest: IncomingGradient?
  /// h, and dy where h must live on.
  private var masked: PlanBuffer?
  private var inputGradient: PlanBuffer?

  init(
    norm: (options: Operation.BatchNorm, node: Int)?, input: PlanValue, residual: PlanValue?,
    relu: Bool, output: PlanValue, in plan: PlanCompiler
  ) {
    self.input = input
    self.residual = residual
    self.output = output
    self.relu = relu
    memory = plan.memory
    purpose = plan.purpose
    self.norm = norm.map {
      BatchNormState($0.options, node: $0.node, plane: input.image.plane, in: plan)
    }
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler)
    throws(BalanceError)
  {
    precondition(!incoming.isEmpty, "a value without readers has no gradient")
    // Two gradients are added within the pass; more are added up before it.
    if incoming.count > 2 {
      let sum = IncomingGradient(
        Array(incoming.dropFirst()), floats: output.floats, at: time, in: plan)
      rest = sum
      self.incoming = [incoming[0].buffer, sum.buffer]
    } else {
      self.incoming = incoming.map(\.buffer)
    }
    for contribution in incoming { contribution.buffer.touch(time) }
    if relu { output.buffer.touch(time) }
    let h = incoming[0].exclusive ? incoming[0].buffer : memory.perImage(floats: output.floats)
    h.touch(time)
    masked = h
    if let residual, plan.needsGradient(residual.id) {
      plan.contribute(h, exclusive: norm != nil, to: residual.id)
    }
    // A norm reads y for its own gradients even where nothing before it wants one.
    if let norm, !norm.isFrozen { input.buffer.touch(time) }
    guard plan.needsGradient(input.id) else { return }
    if norm == nil {
      plan.contribute(h, exclusive: residual == nil, to: input.id)
    } else {
      let dy = residual == nil ? h : memory.perImage(floats: input.floats)
      dy.touch(time)
      plan.contribute(dy, to: input.id)
      inputGradient = dy
    }
  }

  func forward(_ thread: ThreadContext) {
    let t = thread.index
    let kernels = kernels(t)
    let y = memory.pointer(input.buffer, t)
    if let norm {
      if purpose == .training, !norm.isFrozen {
        kernels.channelSums(y, into: norm.sums(t))
        thread.barrier()
        norm.useBatchStatistics(t)
      } else {
        norm.useRunningStatistics(t)
      }
    }
    kernels.scaleShift(
      y, scale: norm?.scale(t), shift: norm?.shift(t),
      residual: residual.map { UnsafePointer(memory.pointer($0.buffer, t)) }, relu: relu,
      into: memory.pointer(output.buffer, t))
  }

  func backward(_ thread: ThreadContext) {
    guard let masked else { return }
    let t = thread.index
    let kernels = kernels(t)
    _ = rest?.resolve(thread)
    let h = memory.pointer(masked, t)
    let y = memory.pointer(input.buffer, t)
    let trained = norm.flatMap { $0.isFrozen ? nil : $0 }
    kernels.maskedGradient(
      memory.pointer(incoming[0], t),
      incoming.count > 1 ? UnsafePointer(memory.pointer(incoming[1], t)) : nil,
      active: relu ? UnsafePointer(memory.pointer(output.buffer, t)) : nil,
      y: trained == nil ? nil : UnsafePointer(y), mean: trained?.mean(t), into: h,
      sums: trained?.gradientSums(t))
    if let norm, norm.isFrozen, let inputGradient {
      kernels.scaleShift(
        h, scale: norm.scale(t), shift: nil, residual: nil, relu: false,
        into: memory.pointer(inputGradient, t))
    }
    guard let norm = trained else { return }
    thread.barrier()
    norm.prepareGradient(t)
    guard let inputGradient else { return }
    kernels.normalizationGradient(
      h, y: y, mean: norm.mean(t), a: norm.gradientFactors(t, 0), b: norm.gradientFactors(t, 1),
      d: norm.gradientFactors(t, 2), into: memory.pointer(inputGradient, t))
  }

  private func kernels(_ thread: Int) -> BlockedKernels {
    BlockedKernels(
      images: memory.images(thread), channels: output.image.channels, plane: output.image.plane)
  }
}
