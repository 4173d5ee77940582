/// A network computed naively in double precision, forward and backward, one loop nest an
/// operation: the specification of every operation, and the oracle that plans are tested against.
///
/// Batch norm uses the batch's statistics, as in training; running statistics are left alone.
/// Frozen nodes get no gradient, and a frozen batch norm uses the running statistics.
package struct ReferenceNetwork: Sendable {
  package let network: Network
  /// Trainable values, laid out as `Parameters.values`.
  package var parameters: [Double]
  private let frozen: Set<Int>
  private let running: [String: [Double]]
  /// What dropout draws from.
  package var randomness = PlanRandomness()
  private let tensors: [String: Parameters.Tensor]

  package init(_ source: Parameters, frozen: Set<Int> = []) {
    self.frozen = frozen
    running = Dictionary(
      uniqueKeysWithValues: source.buffers.map { entry in
        (entry.name, source.bufferValues[entry.range].map(Double.init))
      })
    network = source.network
    parameters = source.values.map(Double.init)
    tensors = Dictionary(uniqueKeysWithValues: source.tensors.map { ($0.name, $0) })
  }

  /// The logits of a batch, row-major `[N, classes]`.
  package func logits(_ pixels: ReferenceTensor) -> [Double] {
    values(pixels)[network.nodes.count].values
  }

  /// The gradient of Σ weights · logits with respect to all parameters, laid out as they are, by
  /// the chain rule over the whole graph.
  package func gradient(_ pixels: ReferenceTensor, logitsGradient: [Double]) -> [Double] {
    let values = values(pixels)
    var gradients: [ReferenceTensor] = values.map {
      ReferenceTensor(images: $0.images, shape: $0.shape)
    }
    gradients[network.nodes.count].values = logitsGradient
    var result = [Double](repeating: 0, count: parameters.count)
    for (index, node) in network.nodes.enumerated().reversed() {
      let reference = reference(index)
      let inputs = node.inputs.map { values[$0] }
      let back = reference.backward(
        inputs, gradients[index + 1], weights: tensor(node, "weight"), bias: tensor(node, "bias"))
      for (input, gradient) in zip(node.inputs, back.inputs) {
        for i in gradient.values.indices { gradients[input].values[i] += gradient.values[i] }
      }
      if frozen.contains(index) { continue }
      store(back.weights, node, "weight", into: &result)
      store(back.bias, node, "bias", into: &result)
    }
    return result
  }

  private func values(_ pixels: ReferenceTensor) -> [ReferenceTensor] {
    var values = [pixels]
    for (index, node) in network.nodes.enumerated() {
      values.append(
        reference(index).forward(
          node.inputs.map { values[$0] }, weights: tensor(node, "weight"),
          bias: tensor(node, "bias")))
    }
    return values
  }

  private func reference(_ index: Int) -> any ReferenceOperation {
    let node = network.nodes[index]
    return switch node.operation {
    case .convolution(let options): ReferenceConvolution(options)
    case .batchNorm(let options):
      if frozen.contains(index), let mean = running["\(node.name).running_mean"],
        let variance = running["\(node.name).running_var"]
      {
        ReferenceFrozenBatchNorm(epsilon: options.epsilon, mean: mean, variance: variance)
      } else {
        ReferenceBatchNorm(epsilon: options.epsilon)
      }
    case .activation(let activation): ReferenceActivation(activation)
    case .concatenate: ReferenceConcatenate()
    case .scaleChannels: ReferenceScaleChannels()
    case .dropout(let rate):
      ReferenceDropout(
        mask: network.dropoutMask(frozen.contains(index) ? 0 : rate, node: index),
        wholeImages: false, randomness: randomness)
    case .stochasticDepth(let rate):
      ReferenceDropout(
        mask: network.dropoutMask(frozen.contains(index) ? 0 : rate, node: index),
        wholeImages: true, randomness: randomness)
    case .cosineLinear(let options): ReferenceCosineLinear(options)
    case .add: ReferenceAdd()
    case .pool(let options): ReferencePooling(options)
    case .globalAveragePool: ReferenceGlobalAverage()
    case .linear(let options): ReferenceLinear(outputs: options.outputs)
    case .subsample(let options): ReferenceSubsample(options)
    }
  }

  private func tensor(_ node: Network.Node, _ suffix: String) -> [Double] {
    guard let entry = tensors["\(node.name).\(suffix)"] else { return [] }
    return Array(parameters[entry.range])
  }

  private func store(
    _ gradient: [Double], _ node: Network.Node, _ suffix: String, into result: inout [Double]
  ) {
    guard let entry = tensors["\(node.name).\(suffix)"] else { return }
    result.replaceSubrange(entry.range, with: gradient)
  }
}

/// What an operation passes back: gradients of its inputs, weights and bias.
package struct ReferenceGradients {
  var inputs: [ReferenceTensor]
  var weights: [Double] = []
  var bias: [Double] = []
}

/// An operation written as its definition reads.
protocol ReferenceOperation {
  func forward(_ inputs: [ReferenceTensor], weights: [Double], bias: [Double]) -> ReferenceTensor
  func backward(
    _ inputs: [ReferenceTensor], _ gradient: ReferenceTensor, weights: [Double], bias: [Double]
  ) -> ReferenceGradients
}
