public import Loading
public import Networks

/// What it takes to use the weights of a run: `model.json`.
public struct ModelDescription: Codable, Hashable, Sendable {
  public let network: Network
  /// The classes, in the order of the logits.
  public let classNames: [String]
  /// How pixels become input.
  public let normalization: Normalization
  public let convolution: PlanOptions.ConvolutionAlgorithm

  public init(
    network: Network, classNames: [String], normalization: Normalization,
    convolution: PlanOptions.ConvolutionAlgorithm
  ) {
    self.network = network
    self.classNames = classNames
    self.normalization = normalization
    self.convolution = convolution
  }
}
