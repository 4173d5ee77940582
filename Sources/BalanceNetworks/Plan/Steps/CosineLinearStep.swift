import BalanceCore
import BalanceTensors

/// y = s · x̂ Ŵᵀ, where the hat divides each row by its length (at least ε).
///
/// Backward: dx̂ = s · dy Ŵ and dŴ = s · dyᵀ x̂, and through a division v̂ = v / |v|
/// dv = (dv̂ − v̂ (v̂ · dv̂)) / |v|.
final class CosineLinearStep: PlanStep {
  private let scale: Float
  private let input: PlanValue
  private let output: PlanValue
  private let memory: PlanMemory
  private let isFrozen: Bool
  private let parameters: Parameters
  private let weights: Parameters.Tensor
  /// x̂ and the lengths of the rows of x.
  private let unit: PlanBuffer
  private let lengths: PlanBuffer
  /// Ŵ, then the lengths of the rows of W.
  private let unitWeights: AlignedMemory
  private var route: GradientRoute?
  private var partialWeights: PlanBuffer?

  var weight: Int { weights.count / 8 }
  private var features: Int { input.image.channels }
  private var outputs: Int { output.image.channels }

  init(
    _ options: Operation.CosineLinear, node: Int, input: PlanValue, output: PlanValue,
    in plan: PlanCompiler
  ) throws(BalanceError) {
    guard let weights = plan.entry(node, "weight"), let born = output.buffer.life?.lowerBound
    else { preconditionFailure("node \(node) has no weights") }
    scale = Float(options.scale)
    self.weights = weights
    isFrozen = plan.isFrozen(node)
    self.input = input
    self.output = output
    memory = plan.memory
    parameters = plan.parameters
    unit = memory.perImage(bytes: input.image.channels * 4)
    lengths = memory.perImage(bytes: 4)
    unitWeights = try AlignedMemory(bytes: (weights.count + output.image.channels) * 4)
    for buffer in [unit, lengths] { buffer.touch(born) }
  }

  func connectGradients(_ incoming: [GradientContribution], at time: Int, in plan: PlanCompiler) {
    route = GradientRoute(incoming, from: output, to: input, at: time, in: plan)
    for buffer in [unit, lengths] { buffer.touch(time) }
    if isFrozen { return }
    partialWeights = plan.gradientSum(bytes: weights.count * 4, at: time)
  }

  func prepare() {
    guard let values = parameters.values.baseAddress else { return }
    let (rows, lengths) = preparedWeights
    UnitRows(rows: rows, lengths: lengths, features: features)
      .fill(from: values + weights.range.lowerBound, count: outputs)
  }

  func forward(_ thread: ThreadContext) {
    let rows = memory.images(thread.index)
    let unitRows = unitRows(thread)
    unitRows.fill(from: memory.pointer(input.buffer, thread.index), count: rows)
    let y = memory.pointer(output.buffer, thread.index)
    matrixMultiply(
      rows: rows, columns: outputs, inner: features, unitRows.rows, preparedWeights.rows,
      transposeB: true, into: y)
    for i in 0..<rows * outputs { y[i] *= scale }
  }

  func backward(_ thread: ThreadContext) {
    guard let route else { return }
    let rows = memory.images(thread.index)
    let dy = route.outputRows(thread)
    let unitRows = unitRows(thread)
    if let partialWeights, rows > 0 {
      matrixMultiply(
        rows: outputs, columns: features, inner: rows, dy, transposeA: true, unitRows.rows,
        into: memory.pointer(partialWeights, thread.index))
    }
    guard let dx = route.inputRows(thread) else { return }
    matrixMultiply(
      rows: rows, columns: features, inner: outputs, dy, preparedWeights.rows, into: dx)
    unitRows.gradient(dx, scale: scale, count: rows)
  }

  func finish() {
    guard let partialWeights, let gradients = parameters.gradients.baseAddress else { return }
    let total = gradients + weights.range.lowerBound
    memory.gather(partialWeights, into: total, count: weights.count)
    let (rows, lengths) = preparedWeights
    UnitRows(rows: rows, lengths: lengths, features: features)
      .gradient(total, scale: scale, count: outputs)
  }

  private var preparedWeights:
    (rows: UnsafeMutablePointer<Float>, lengths: UnsafeMutablePointer<Float>)
  {
    let rows = unitWeights.pointer(at: 0, as: Float.self)
    return (rows, rows + weights.count)
  }

  private func unitRows(_ thread: ThreadContext) -> UnitRows {
    UnitRows(
      rows: memory.pointer(unit, thread.index), lengths: memory.pointer(lengths, thread.index),
      features: features)
  }
}

/// Rows divided by their lengths, and the lengths.
private struct UnitRows {
  let rows: UnsafeMutablePointer<Float>
  let lengths: UnsafeMutablePointer<Float>
  let features: Int

  private static let epsilon = Float(Operation.CosineLinear.epsilon)

  func fill(from source: UnsafePointer<Float>, count: Int) {
    for n in 0..<count {
      let (x, unit) = (source + n * features, rows + n * features)
      var squares = 0.0
      for f in 0..<features { squares += Double(x[f]) * Double(x[f]) }
      lengths[n] = Float(squares.squareRoot())
      let inverse = 1 / max(lengths[n], Self.epsilon)
      for f in 0..<features { unit[f] = x[f] * inverse }
    }
  }

  /// Turns the gradient of scale · v̂ into that of v, in place.
  func gradient(_ gradient: UnsafeMutablePointer<Float>, scale: Float, count: Int) {
    for n in 0..<count {
      let (g, unit) = (gradient + n * features, rows + n * features)
      // A row shorter than ε was divided by a constant.
      let along: Float =
        lengths[n] < Self.epsilon
        ? 0 : Float((0..<features).reduce(0.0) { $0 + Double(unit[$1]) * Double(g[$1]) })
      let factor = scale / max(lengths[n], Self.epsilon)
      for f in 0..<features { g[f] = (g[f] - unit[f] * along) * factor }
    }
  }
}
