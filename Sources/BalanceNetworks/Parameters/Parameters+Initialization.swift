import BalanceCore

extension Parameters {
  /// Draws all parameters again, as the network's `initialization` says, and resets the running
  /// statistics.
  ///
  /// Each tensor draws from its own key, so adding a layer leaves the others' values alone.
  public func initialize(seed: UInt64) {
    values.update(repeating: 0)
    gradients.update(repeating: 0)
    var inputs = 1
    var groups: [String: Int] = [:]
    for node in network.nodes {
      if case .convolution(let options) = node.operation {
        groups[node.name + ".weight"] = options.groups
      }
    }
    for (index, entry) in tensors.enumerated() {
      var generator = KeyedGenerator(seed: seed, .initialization, index)
      let tensor = slice(values, entry)
      switch entry.role {
      case .weight:
        inputs = entry.shape.dropFirst().reduce(1, *)
        draw(tensor, shape: entry.shape, groups: groups[entry.name] ?? 1, from: &generator)
      case .bias:
        // A bias follows its weight in the layout, so these are that weight's inputs.
        if !network.initialization.zeroBias {
          uniform(tensor, bound: 1 / Double(inputs).squareRoot(), from: &generator)
        }
      case .normalization(let value):
        tensor.update(repeating: value)
      }
    }
    for entry in buffers {
      guard case .normalization(let value) = entry.role else {
        preconditionFailure("the buffer '\(entry.name)' is no running statistic")
      }
      slice(bufferValues, entry).update(repeating: value)
    }
  }

  private func draw(
    _ tensor: UnsafeMutableBufferPointer<Float>, shape: [Int], groups: Int,
    from generator: inout KeyedGenerator
  ) {
    let inputs = shape.dropFirst().reduce(1, *)
    let outputs = shape[0] * shape.dropFirst(2).reduce(1, *)
    let isConvolution = shape.count == 4
    switch (isConvolution, network.initialization.linear) {
    case (true, _):
      let fan =
        switch network.initialization.convolution {
        case .incoming: inputs
        case .outgoing: outputs
        case .outgoingOfGroup: outputs / groups
        }
      normal(tensor, deviation: (2 / Double(fan)).squareRoot(), from: &generator)
    case (false, .he):
      normal(tensor, deviation: (2 / Double(inputs)).squareRoot(), from: &generator)
    case (false, .uniformOverInputs):
      uniform(tensor, bound: 1 / Double(inputs).squareRoot(), from: &generator)
    case (false, .uniformOverOutputs):
      uniform(tensor, bound: 1 / Double(outputs).squareRoot(), from: &generator)
    case (false, .normal(let deviation)):
      normal(tensor, deviation: deviation, from: &generator)
    }
  }

  private func normal(
    _ tensor: UnsafeMutableBufferPointer<Float>, deviation: Double,
    from generator: inout KeyedGenerator
  ) {
    for i in tensor.indices { tensor[i] = Float(deviation * generator.normal()) }
  }

  private func uniform(
    _ tensor: UnsafeMutableBufferPointer<Float>, bound: Double,
    from generator: inout KeyedGenerator
  ) {
    for i in tensor.indices { tensor[i] = Float(bound * (2 * generator.uniform() - 1)) }
  }
}
