import BalanceCore

extension Parameters {
  /// Draws all parameters anew and resets the running statistics.
  ///
  /// Weights are normal with variance 2 / fan-in (He et al., *Delving deep into rectifiers*, ICCV
  /// 2015), biases of linear layers and convolutions uniform on ±1/√fan-in, batch norms start at
  /// γ = 1, β = 0, running mean 0 and variance 1. Each tensor draws from its own key, so adding a
  /// layer leaves the others' values alone.
  public func initialize(seed: UInt64) {
    values.update(repeating: 0)
    gradients.update(repeating: 0)
    var fanIn = 1
    for (index, entry) in entries.enumerated() {
      var generator = KeyedGenerator(seed: seed, .initialization, index)
      let tensor = slice(values, entry)
      switch entry.role {
      case .weight:
        fanIn = entry.shape.dropFirst().reduce(1, *)
        let deviation = (2 / Double(fanIn)).squareRoot()
        for i in tensor.indices { tensor[i] = Float(deviation * generator.normal()) }
      case .bias:
        // A bias follows its weight in the layout, so this is that weight's fan-in.
        let bound = 1 / Double(fanIn).squareRoot()
        for i in tensor.indices { tensor[i] = Float(bound * (2 * generator.uniform() - 1)) }
      case .normalization:
        tensor.update(repeating: entry.name.hasSuffix(".weight") ? 1 : 0)
      }
    }
    for entry in buffers {
      slice(bufferValues, entry).update(repeating: entry.name.hasSuffix("running_var") ? 1 : 0)
    }
  }
}
