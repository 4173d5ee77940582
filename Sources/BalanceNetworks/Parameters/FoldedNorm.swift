/// A batch norm in evaluation as y = scale · x + offset per channel: scale = γ/√(σ² + ε) and
/// offset = β − μ · scale of the running μ and σ².
package struct FoldedNorm {
  private let gamma: UnsafeMutableBufferPointer<Float>
  private let beta: UnsafeMutableBufferPointer<Float>
  private let mean: UnsafeMutableBufferPointer<Float>
  private let variance: UnsafeMutableBufferPointer<Float>
  private let epsilon: Double
  /// What the pointers point into.
  private let parameters: Parameters

  /// - Parameter node: a batch norm of the parameters' network, which has these options.
  package init(_ options: Operation.BatchNorm, node: Int, of parameters: Parameters) {
    func tensor(_ suffix: String) -> UnsafeMutableBufferPointer<Float> {
      let name = "\(parameters.network.nodes[node].name).\(suffix)"
      guard let tensor = parameters.tensor(named: name) else {
        preconditionFailure("a batch norm lacks its parameters \(name)")
      }
      return tensor
    }
    gamma = tensor("weight")
    beta = tensor("bias")
    mean = tensor("running_mean")
    variance = tensor("running_var")
    epsilon = options.epsilon
    self.parameters = parameters
  }

  /// The weights and bias of the convolution before it, filter by filter: W′ = scale · W and
  /// b′ = offset + scale · b, computed in double precision.
  ///
  /// - Parameters:
  ///   - weight: `[O, …]`.
  ///   - bias: `[O]`; nil is 0.
  ///   - scaled: takes W′, shaped as `weight`.
  ///   - shift: takes b′, `[O]`.
  package func fold(
    weight: UnsafeBufferPointer<Float>, bias: UnsafeBufferPointer<Float>?,
    scaled: UnsafeMutableBufferPointer<Float>, shift: UnsafeMutableBufferPointer<Float>
  ) {
    let row = weight.count / gamma.count
    precondition(scaled.count == weight.count && shift.count == gamma.count)
    for filter in gamma.indices {
      let scale = Double(gamma[filter]) / (Double(variance[filter]) + epsilon).squareRoot()
      let offset = Double(beta[filter]) - Double(mean[filter]) * scale
      shift[filter] = Float(offset + Double(bias?[filter] ?? 0) * scale)
      for i in filter * row..<(filter + 1) * row { scaled[i] = Float(Double(weight[i]) * scale) }
    }
  }
}
