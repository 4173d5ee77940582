import Networks
import Optimizers
import Tensors

/// An optimizer over the parameters of a network, each thread of a pool taking its slice.
///
/// Frozen parameters are not touched, by weight decay neither. Padding between tensors is zero and
/// has zero gradients, so that it stays zero.
final class ParameterOptimizer {
  /// Neighbouring parameters with one learning rate.
  private struct Segment {
    var range: Range<Int>
    /// Factor of the schedule's rate.
    let rate: Double
  }

  private let optimizer: any Optimizer
  private let backboneRate: Double
  private let headRate: Double
  private var segments: [Segment] = []
  /// The rule and its constants.
  var fingerprint: String { optimizer.fingerprint }

  init(_ configuration: TrainingConfiguration, parameters: Parameters, frozen: Set<Int>) {
    let rule = SGD(
      momentum: Float(configuration.momentum), weightDecay: Float(configuration.weightDecay))
    optimizer = rule.optimizer(count: parameters.values.count)
    backboneRate = configuration.backboneRate
    headRate = configuration.headRate
    freeze(frozen, of: parameters)
  }

  /// Leaves out the parameters of these nodes from now on, and no others. What the optimizer
  /// remembers of any parameter stays.
  func freeze(_ frozen: Set<Int>, of parameters: Parameters) {
    segments = []
    let backbone = parameters.network.backboneNodes
    for (index, entry) in parameters.entries.enumerated() where !frozen.contains(entry.node) {
      let next = index + 1
      let end =
        next < parameters.entries.count
        ? parameters.entries[next].range.lowerBound : parameters.values.count
      let rate = backbone.contains(entry.node) ? backboneRate : headRate
      if let last = segments.last, last.rate == rate,
        last.range.upperBound == entry.range.lowerBound
      {
        segments[segments.count - 1].range = last.range.lowerBound..<end
      } else {
        segments.append(Segment(range: entry.range.lowerBound..<end, rate: rate))
      }
    }
  }

  func step(_ parameters: Parameters, learningRate: Double, on pool: ComputePool) {
    optimizer.beginStep()
    let optimizer = optimizer
    let segments = segments
    // Threads write disjoint ranges.
    nonisolated(unsafe) let values = parameters.values
    nonisolated(unsafe) let gradients = UnsafeBufferPointer(parameters.gradients)
    pool.run { thread in
      for segment in segments {
        let part = thread.slice(of: segment.range.count)
        let start = segment.range.lowerBound
        optimizer.step(
          values: values, gradients: gradients,
          learningRate: Float(learningRate * segment.rate),
          range: start + part.lowerBound..<start + part.upperBound)
      }
    }
  }
}
