import BalanceCore
import BalanceNetworks
import BalanceOptimizers
import BalanceTensors

/// An optimizer over the parameters of a network, each thread of a pool taking its slice.
///
/// Frozen parameters are not touched, by weight decay neither, and their gradients do not count in
/// the norm that is clipped. Padding between tensors is zero and has zero gradients, so that it
/// stays zero.
final class ParameterOptimizer {
  private let optimizer: any Optimizer
  private let clipping: GradientClipping
  /// Indices of `Parameters.tensors`.
  private var frozen: Set<Int> = []
  /// Neighbouring parameters that are trained.
  private var segments: [Range<Int>] = []
  private var clipper: GradientClipper
  /// The rule and its constants.
  var fingerprint: String { optimizer.fingerprint }
  /// What the optimizer remembers, for a checkpoint. What is frozen is not part of it.
  var state: OptimizerState { optimizer.state }

  /// - Throws: as `Optimizer.restore`.
  func restore(_ state: OptimizerState) throws(BalanceError) { try optimizer.restore(state) }

  init(
    _ rule: some UpdateRule, _ configuration: ResolvedConfiguration, parameters: Parameters,
    frozen: Set<Int>
  ) {
    let backbone = parameters.network.backboneNodes
    let tensors = parameters.tensors.map { entry in
      ParameterTensor(
        name: entry.name, shape: entry.shape, range: entry.range,
        rateFactor: backbone.contains(entry.node)
          ? configuration.tuning.backboneRate : configuration.tuning.headRate,
        decayFactor: configuration.optimization.decaySparing.spares(entry.role) ? 0 : 1)
    }
    optimizer = rule.optimizer(for: tensors, count: parameters.values.count)
    clipping = configuration.optimization.clipping
    clipper = GradientClipper(clipping, ranges: [])
    freeze(frozen, of: parameters)
  }

  /// Leaves out the parameters of these nodes from now on, and no others. What the optimizer
  /// remembers of any parameter stays.
  func freeze(_ nodes: Set<Int>, of parameters: Parameters) {
    segments = []
    frozen = []
    for (index, entry) in parameters.tensors.enumerated() {
      if nodes.contains(entry.node) {
        frozen.insert(index)
      } else if index > 0, !frozen.contains(index - 1), let last = segments.last {
        segments[segments.count - 1] = last.lowerBound..<entry.range.upperBound
      } else {
        segments.append(entry.range)
      }
    }
    clipper = GradientClipper(clipping, ranges: segments)
  }

  /// - Parameter momentum: nil for that of the rule.
  func step(
    _ parameters: Parameters, learningRate: Double, momentum: Double?, on pool: ComputePool
  ) {
    optimizer.beginStep(momentum: momentum, frozen: frozen)
    let (optimizer, clipper, segments) = (optimizer, clipper, segments)
    // Threads write disjoint ranges.
    nonisolated(unsafe) let values = parameters.values
    nonisolated(unsafe) let gradients = parameters.gradients
    pool.run { thread in
      let parts = segments.map { segment in
        let slice = thread.slice(of: segment.count)
        return segment.lowerBound + slice.lowerBound..<segment.lowerBound + slice.upperBound
      }
      if clipper.clipping != .none {
        clipper.measure(
          UnsafeBufferPointer(gradients), blocks: thread.slice(of: clipper.blocks.count))
        thread.barrier()
        for part in parts { clipper.apply(gradients, range: part) }
        // An optimizer may look at whole tensors, beyond its thread's slice.
        thread.barrier()
      }
      for part in parts {
        optimizer.step(
          values: values, gradients: UnsafeBufferPointer(gradients), learningRate: learningRate,
          range: part)
      }
    }
  }
}

extension OptimizationSettings.DecaySparing {
  func spares(_ role: Parameters.Tensor.Role) -> Bool { self != .none && role != .weight }
}
