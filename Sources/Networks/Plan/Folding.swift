/// A convolution of an evaluation plan with what follows it, computed by one primitive:
/// y = max(norm(W ∗ x + b) + residual, 0), each part after the convolution optional.
struct FoldedConvolution {
  let options: Operation.Convolution
  let node: Int
  let norm: (options: Operation.BatchNorm, node: Int)?
  let residual: Int?
  /// Whether nothing reads the residual afterwards, so that the result may take its place.
  let residualDies: Bool
  let relu: Bool
}

/// Joins, in evaluation plans, each convolution with the elementwise layer that alone reads it.
enum Folding {
  static func fold(_ layers: [LoweredLayer]) -> [LoweredLayer] {
    var readers: [Int: [Int]] = [:]
    for (index, layer) in layers.enumerated() {
      for value in layer.inputs { readers[value, default: []].append(index) }
    }
    var result: [LoweredLayer?] = layers
    for (index, layer) in layers.enumerated() {
      guard case .convolution(let options, let node) = layer.kind,
        let next = readers[layer.output], next.count == 1,
        case .elementwise(let norm, let residual, let relu) = layers[next[0]].kind,
        layers[next[0]].input == layer.output
      else { continue }
      // A value that this convolution reads cannot be overwritten while it does.
      let dies = residual.map { residual in
        residual != 0 && residual != layer.input
          && readers[residual, default: []].allSatisfy { $0 <= next[0] }
      }
      let folded = FoldedConvolution(
        options: options, node: node, norm: norm, residual: residual, residualDies: dies ?? false,
        relu: relu)
      result[index] = nil
      // It stands where the elementwise layer stood: by then the residual has been made.
      result[next[0]] = LoweredLayer(
        kind: .foldedConvolution(folded), input: layer.input, output: layers[next[0]].output)
    }
    return result.compactMap { $0 }
  }
}
