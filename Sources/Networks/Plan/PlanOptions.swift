/// Choices in how a network is computed that change speed and last bits, never the mathematics.
public struct PlanOptions: Codable, Hashable, Sendable {
  public enum ConvolutionAlgorithm: String, Codable, CaseIterable, Sendable {
    /// Winograd where `ConvolutionRule` says so and the machine has it, direct elsewhere.
    case automatic
    /// Direct everywhere: the rounding nearest to other frameworks'.
    case direct
  }

  public var convolution: ConvolutionAlgorithm

  public init(convolution: ConvolutionAlgorithm = .automatic) {
    self.convolution = convolution
  }
}
