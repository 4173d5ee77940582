public import BalanceTensors

/// Choices in how a network is computed that change speed and last bits, never the mathematics.
public struct PlanOptions: Codable, Hashable, Sendable {
  public enum ConvolutionAlgorithm: String, Codable, CaseIterable, Sendable {
    /// Winograd where `ConvolutionRule` says so and the machine has it, direct elsewhere.
    case automatic
    /// Direct everywhere: the rounding nearest to other frameworks'.
    case direct
  }

  public var convolution: ConvolutionAlgorithm
  /// How feature maps are stored, and what convolutions of other than own kernels multiply.
  /// Parameters, their gradients, statistics and features are f32 in either case.
  ///
  /// bf16 needs `Machine.supportsBF16`.
  public var precision: ActivationType

  public init(
    convolution: ConvolutionAlgorithm = .automatic, precision: ActivationType = .f32
  ) {
    self.convolution = convolution
    self.precision = precision
  }

  /// The same, in f32 where this machine has no bf16.
  public var onThisMachine: PlanOptions {
    PlanOptions(
      convolution: convolution, precision: Machine.supportsBF16 ? precision : .f32)
  }
}
