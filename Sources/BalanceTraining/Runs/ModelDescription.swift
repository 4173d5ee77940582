public import BalanceCore
public import BalanceImages
public import BalanceNetworks

/// What it takes to use the weights of a run: `model.json`.
public struct ModelDescription: Codable, Hashable, Sendable {
  public let network: Network
  /// The classes, in the order of the logits.
  public let classNames: [String]
  /// How pixels become input.
  public let normalization: Normalization
  /// Which values of 16-bit files become 0 and 255; nil for the full range.
  public let range: SampleRange?
  /// How the run computed.
  public let options: PlanOptions

  public init(
    network: Network, classNames: [String], normalization: Normalization,
    range: SampleRange? = nil, options: PlanOptions
  ) {
    self.network = network
    self.classNames = classNames
    self.normalization = normalization
    self.range = range
    self.options = options
  }
}
