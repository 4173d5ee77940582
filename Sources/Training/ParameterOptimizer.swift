import Networks
import Optimizers
import Tensors

/// An optimizer over all parameters of a network, each thread of a pool taking its slice.
///
/// Padding between tensors is zero and has zero gradients, so that it stays zero.
final class ParameterOptimizer {
  private let optimizer: any Optimizer
  /// The rule and its constants.
  var fingerprint: String { optimizer.fingerprint }

  init(_ configuration: TrainingConfiguration, parameters: Parameters) {
    let rule = SGD(
      momentum: Float(configuration.momentum), weightDecay: Float(configuration.weightDecay))
    optimizer = rule.optimizer(count: parameters.values.count)
  }

  func step(_ parameters: Parameters, learningRate: Double, on pool: ComputePool) {
    optimizer.beginStep()
    let optimizer = optimizer
    // Threads write disjoint ranges.
    nonisolated(unsafe) let values = parameters.values
    nonisolated(unsafe) let gradients = UnsafeBufferPointer(parameters.gradients)
    pool.run { thread in
      optimizer.step(
        values: values, gradients: gradients, learningRate: Float(learningRate),
        range: thread.slice(of: values.count))
    }
  }
}
