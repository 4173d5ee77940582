import BalanceCore

/// The momentum buffer of `SGD`, and its loops.
///
/// Sendable although it holds a buffer: `step` touches only the range it is given, and the protocol
/// asks for ranges that do not overlap.
final class SGDOptimizer: Optimizer, @unchecked Sendable {
  private let settings: SGD
  private let buffer: UnsafeMutableBufferPointer<Float>
  private(set) var stepCount = 0

  init(_ settings: SGD, count: Int) {
    self.settings = settings
    // A buffer of 0 gives μ·0 + g = g in the first step.
    buffer = .allocate(capacity: count)
    buffer.initialize(repeating: 0)
  }

  deinit { buffer.deallocate() }

  var fingerprint: String {
    "sgd: momentum \(settings.momentum), weight decay \(settings.weightDecay) on all parameters"
      + (settings.nesterov ? ", Nesterov" : "")
  }

  func beginStep() { stepCount += 1 }

  func step(
    values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeBufferPointer<Float>,
    learningRate: Float, range: Range<Int>
  ) {
    precondition(
      values.count == buffer.count && gradients.count == buffer.count,
      "\(values.count) values, \(gradients.count) gradients for \(buffer.count) parameters")
    precondition(
      range.lowerBound >= 0 && range.upperBound <= buffer.count, "\(range) is out of range")
    // Slices with equal counts: what the compiler needs to vectorise.
    let p = UnsafeMutableBufferPointer(rebasing: values[range])
    let g = UnsafeBufferPointer(rebasing: gradients[range])
    let b = UnsafeMutableBufferPointer(rebasing: buffer[range])
    let momentum = settings.momentum
    let decay = settings.weightDecay
    if momentum == 0 {
      for i in 0..<p.count { p[i] -= learningRate * (g[i] + decay * p[i]) }
    } else if settings.nesterov {
      for i in 0..<p.count {
        let gradient = g[i] + decay * p[i]
        let velocity = momentum * b[i] + gradient
        b[i] = velocity
        p[i] -= learningRate * (gradient + momentum * velocity)
      }
    } else {
      for i in 0..<p.count {
        let velocity = momentum * b[i] + (g[i] + decay * p[i])
        b[i] = velocity
        p[i] -= learningRate * velocity
      }
    }
  }

  var state: OptimizerState {
    OptimizerState(rule: "sgd", stepCount: stepCount, arrays: ["momentum_buffer": Array(buffer)])
  }

  func restore(_ state: OptimizerState) throws(BalanceError) {
    guard state.rule == "sgd", let saved = state.arrays["momentum_buffer"] else {
      throw BalanceError(
        .data, "the saved optimizer is '\(state.rule)', not 'sgd'",
        remedy: "resume with the optimizer that the run was started with")
    }
    guard saved.count == buffer.count else {
      throw BalanceError(
        .data, "the saved optimizer has \(saved.count) parameters, not \(buffer.count)",
        remedy: "resume with the model that the run was started with")
    }
    _ = buffer.update(from: saved)
    stepCount = state.stepCount
  }
}
