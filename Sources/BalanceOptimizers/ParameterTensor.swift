/// One parameter tensor within the flat buffers of values and gradients, and how it is treated.
public struct ParameterTensor: Codable, Hashable, Sendable {
  public let name: String
  /// `[out, in, …]`; `[n]` for biases and scales.
  public let shape: [Int]
  /// Where its values are in the flat buffer, row-major.
  public let range: Range<Int>
  /// Factor of the learning rate.
  public let rateFactor: Double
  /// Factor of the weight decay; 0 for none.
  public let decayFactor: Double

  /// - Precondition: the range has as many values as the shape, and factors are not negative.
  public init(
    name: String, shape: [Int], range: Range<Int>, rateFactor: Double = 1, decayFactor: Double = 1
  ) {
    precondition(
      range.count == shape.reduce(1, *), "\(name): \(range.count) values for the shape \(shape)")
    precondition(rateFactor >= 0 && decayFactor >= 0, "\(name): a factor is negative")
    self.name = name
    self.shape = shape
    self.range = range
    self.rateFactor = rateFactor
    self.decayFactor = decayFactor
  }
}
