import BalanceCore
import BalanceTensors

/// y = x Wᵀ + b on rows, over OpenBLAS: x is `[N, F]`, W `[K, F]`, y `[N, K]`.
///
/// Backward: dx = dy W, dW = dyᵀ x, db = Σ dy; each thread sums over its own images.
final class LinearStep: PlanStep {
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private let parameters: Parameters
  private let weights: Parameters.Tensor
  private let bias: Parameters.Tensor?
  private let isFrozen: Bool
  private var route: GradientRoute?
  private var partialWeights: PlanBuffer?
  private var partialBias: PlanBuffer?

  var weight: Int { weights.count / 8 }
  private var features: Int { input.image.channels }
  private var outputs: Int { output.image.channels }

  init(node: Int, input: PlanValue, output: PlanValue, in plan: PlanCompiler) {
    guard let weights = plan.entry(node, "weight") else {
      preconditionFailure("node \(node) has no weights")
    }
    self.weights = weights
    bias = plan.entry(node, "bias")
    isFrozen = plan.isFrozen(node)
    self.input = input
    self.output = output
    memory = plan.memory
    parameters = plan.parameters
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    route = GradientRoute(incoming, from: output, to: input, at: time, in: plan)
    if isFrozen { return }
    input.buffer.touch(time)
    partialWeights = plan.gradientSum(bytes: weights.count * 4, at: time)
    partialBias = plan.gradientSum(bytes: outputs * 4, at: time)
  }

  func forward(_ thread: ThreadContext) {
    guard let values = parameters.values.baseAddress else { return }
    let rows = memory.images(thread.index)
    let y = memory.pointer(output.buffer, thread.index)
    for row in 0..<rows {
      if let bias {
        (y + row * outputs).update(from: values + bias.range.lowerBound, count: outputs)
      }
    }
    matrixMultiply(
      rows: rows, columns: outputs, inner: features, memory.pointer(input.buffer, thread.index),
      values + weights.range.lowerBound, transposeB: true, beta: bias == nil ? 0 : 1, into: y)
  }

  func backward(_ thread: ThreadContext) {
    guard let route, let values = parameters.values.baseAddress else { return }
    let rows = memory.images(thread.index)
    let dy = route.outputRows(thread)
    sumParameterGradients(dy, rows: rows, thread)
    guard let dx = route.inputRows(thread) else { return }
    matrixMultiply(
      rows: rows, columns: features, inner: outputs, dy, values + weights.range.lowerBound,
      into: dx)
  }

  /// dW = dyᵀ x and db = Σ dy over this thread's images; nothing where they are frozen.
  private func sumParameterGradients(
    _ dy: UnsafePointer<Float>, rows: Int, _ thread: ThreadContext
  ) {
    guard let partialWeights, let partialBias, rows > 0 else { return }
    let dW = memory.pointer(partialWeights, thread.index)
    let db = memory.pointer(partialBias, thread.index)
    matrixMultiply(
      rows: outputs, columns: features, inner: rows, dy, transposeA: true,
      memory.pointer(input.buffer, thread.index), into: dW)
    db.update(repeating: 0, count: outputs)
    for row in 0..<rows {
      let line = dy + row * outputs
      for k in 0..<outputs { db[k] += line[k] }
    }
  }

  func finish() {
    guard let partialWeights, let partialBias, let gradients = parameters.gradients.baseAddress
    else { return }
    memory.gather(
      partialWeights, into: gradients + weights.range.lowerBound, count: weights.count)
    if let bias {
      memory.gather(partialBias, into: gradients + bias.range.lowerBound, count: bias.count)
    }
  }
}
