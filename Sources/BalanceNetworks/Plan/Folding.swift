import BalanceTensors

/// A convolution of an evaluation plan with what follows it, computed by one primitive:
/// y = f(norm(W ∗ x + b) + residual), each part after the convolution optional.
struct FoldedConvolution {
  let options: Operation.Convolution
  let node: Int
  let norm: (options: Operation.BatchNorm, node: Int)?
  let residual: Int?
  /// Whether nothing reads the residual afterwards, so that the result may take its place.
  let residualDies: Bool
  let activation: ConvolutionPrimitive.Epilogue.Activation
}

/// Joins, in evaluation plans, each convolution with the elementwise layer that alone reads it, and
/// with the activation behind that.
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
        case .elementwise(let norm, let residual, let fused) = layers[next[0]].kind,
        layers[next[0]].input == layer.output
      else { continue }
      // A value that this convolution reads cannot be overwritten while it does.
      let dies = residual.map { residual in
        residual != 0 && residual != layer.input
          && readers[residual, default: []].allSatisfy { $0 <= next[0] }
      }
      var last = next[0]
      var activation = fused?.epilogue ?? .identity
      if fused == nil, let after = readers[layers[last].output], after.count == 1,
        case .activation(let kind) = layers[after[0]].kind, let epilogue = kind.epilogue
      {
        activation = epilogue
        result[last] = nil
        last = after[0]
      }
      let folded = FoldedConvolution(
        options: options, node: node, norm: norm, residual: residual, residualDies: dies ?? false,
        activation: activation)
      result[index] = nil
      // It takes the place of the last layer: by then the residual has been made.
      result[last] = LoweredLayer(
        kind: .foldedConvolution(folded), input: layer.input, output: layers[last].output)
    }
    return result.compactMap { $0 }
  }
}

extension Operation.Activation {
  /// As oneDNN computes it behind a convolution; nil where it does not.
  fileprivate var epilogue: ConvolutionPrimitive.Epilogue.Activation? {
    switch self {
    case .relu: .relu
    case .relu6: .relu6
    case .silu: .silu
    case .hardSwish: .hardSwish
    case .sigmoid, .hardSigmoid: nil
    }
  }
}
