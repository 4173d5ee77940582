import BalanceCore
import BalanceTensors

/// The parameters of a convolution with the batch norm behind it folded in: W' = W γ/σ and
/// b' = β + (b − μ) γ/σ, where σ² and μ are the running statistics.
struct FoldedParameters {
  let weights: Parameters.Tensor
  private let bias: Parameters.Tensor?
  private let norm: FoldedNorm?
  private let parameters: Parameters
  private let channels: Int
  private let shift: AlignedMemory

  init(_ folded: FoldedConvolution, channels: Int, in plan: PlanCompiler) throws(BalanceError) {
    guard let weights = plan.entry(folded.node, "weight") else {
      preconditionFailure("node \(folded.node) has no weights")
    }
    self.weights = weights
    self.channels = channels
    bias = plan.entry(folded.node, "bias")
    norm = folded.norm.map { FoldedNorm($0.options, node: $0.node, of: plan.parameters) }
    parameters = plan.parameters
    shift = try AlignedMemory(
      bytes: BlockedKernels.blocks(channels) * 16 * MemoryLayout<Float>.size)
  }

  /// b', padded with zeros to blocks of 16 channels; of the last `fold`.
  var foldedBias: UnsafeMutablePointer<Float> { shift.pointer(at: 0, as: Float.self) }

  /// Folds the parameters as they now are; `body` gets W'.
  func fold(_ body: (UnsafePointer<Float>) -> Void) {
    let source = UnsafeBufferPointer(parameters.slice(parameters.values, weights))
    let bias = bias.map { UnsafeBufferPointer(parameters.slice(parameters.values, $0)) }
    let shift = UnsafeMutableBufferPointer(start: foldedBias, count: channels)
    guard let norm else {
      if let bias { _ = shift.update(from: bias) } else { shift.update(repeating: 0) }
      if let base = source.baseAddress { body(base) }
      return
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: source.count) { scaled in
      norm.fold(weight: source, bias: bias, scaled: scaled, shift: shift)
      if let base = scaled.baseAddress { body(base) }
    }
  }
}
