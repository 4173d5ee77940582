import BalanceNetworks

/// Finds the batch norms that are the only reader of a convolution and makes them part of its
/// weights and bias; see `FoldedNorm`.
struct BatchNormFolding {
  struct Folded {
    let shape: [Int]
    var weight: [Float]
    var bias: [Float]
  }

  private let parameters: Parameters
  /// The convolution's node by the batch norm's.
  private var convolutions: [Int: Int] = [:]

  init(_ parameters: Parameters, isOn: Bool) {
    self.parameters = parameters
    guard isOn else { return }
    let nodes = parameters.network.nodes
    for (index, node) in nodes.enumerated() {
      guard case .batchNorm = node.operation, let source = node.inputs.first, source > 0,
        case .convolution = nodes[source - 1].operation,
        nodes.reduce(0, { $0 + $1.inputs.count { $0 == source } }) == 1
      else { continue }
      convolutions[index] = source - 1
    }
  }

  func convolution(before batchNorm: Int) -> Int? { convolutions[batchNorm] }

  /// The weights of a convolution whose batch norm is folded into it; nil for others.
  func folded(convolution index: Int) -> Folded? {
    guard let norm = convolutions.first(where: { $0.value == index })?.key else { return nil }
    let nodes = parameters.network.nodes
    let name = nodes[index].name
    guard case .batchNorm(let options) = nodes[norm].operation,
      let entry = parameters.tensors.first(where: { $0.name == name + ".weight" }),
      let weight = parameters.tensor(named: entry.name)
    else { return nil }
    let bias = parameters.tensor(named: name + ".bias")
    var result = Folded(
      shape: entry.shape, weight: [Float](repeating: 0, count: weight.count),
      bias: [Float](repeating: 0, count: entry.shape[0]))
    result.weight.withUnsafeMutableBufferPointer { scaled in
      result.bias.withUnsafeMutableBufferPointer { shift in
        FoldedNorm(options, node: norm, of: parameters).fold(
          weight: UnsafeBufferPointer(weight), bias: bias.map { UnsafeBufferPointer($0) },
          scaled: scaled, shift: shift)
      }
    }
    return result
  }
}
