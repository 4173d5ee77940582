import BalanceCore
import BalanceNetworks
import BalanceOptimizers
import BalanceTensors

/// The moving average of a network's parameters, and of its running statistics where they are to be
/// averaged too.
final class AveragedWeights {
  private let parameters: Parameters
  private let pool: ComputePool
  private let values: MovingAverage
  private let buffers: MovingAverage?

  /// Nil where no average is wanted.
  init?(_ averaging: WeightAveraging, of parameters: Parameters, pool: ComputePool) {
    guard case .ema(let decay, let treatment) = averaging else { return nil }
    self.parameters = parameters
    self.pool = pool
    values = MovingAverage(decay: decay, count: parameters.values.count)
    buffers =
      treatment == .average
      ? MovingAverage(decay: decay, count: parameters.bufferValues.count) : nil
  }

  /// Takes in the parameters after an optimizer step.
  func update() {
    let (values, buffers) = (values, buffers)
    values.beginUpdate()
    buffers?.beginUpdate()
    // Threads write disjoint ranges.
    nonisolated(unsafe) let source = UnsafeBufferPointer(parameters.values)
    nonisolated(unsafe) let statistics = UnsafeBufferPointer(parameters.bufferValues)
    pool.run { thread in
      values.update(from: source, range: thread.slice(of: source.count))
      buffers?.update(from: statistics, range: thread.slice(of: statistics.count))
    }
  }

  /// For a checkpoint.
  struct State {
    var values: MovingAverage.State
    var buffers: MovingAverage.State?
  }

  var state: State { State(values: values.state, buffers: buffers?.state) }

  /// - Throws: as `MovingAverage.restore`.
  func restore(_ state: State) throws(BalanceError) {
    try values.restore(state.values)
    if let saved = state.buffers { try buffers?.restore(saved) }
  }

  /// Exchanges the network's parameters and their average; twice changes nothing.
  func swap() {
    values.swap(with: parameters.values)
    buffers?.swap(with: parameters.bufferValues)
  }
}
