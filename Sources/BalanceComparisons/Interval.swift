/// A closed range of plausible values; what it covers is said by the property that holds it.
public struct Interval: Codable, Hashable, Sendable {
  public var lower: Double
  public var upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}

/// A mean over seeds with the bootstrap interval over seeds and test images.
public struct Estimate: Codable, Hashable, Sendable {
  public var mean: Double
  public var interval: Interval

  public init(mean: Double, interval: Interval) {
    self.mean = mean
    self.interval = interval
  }
}

/// A figure over the seeds of one arm.
public struct SeedSummary: Codable, Hashable, Sendable {
  public var mean: Double
  /// Standard deviation over seeds (divisor n − 1), nil for one seed: the variation is unmeasured.
  public var deviation: Double?
  public var minimum: Double
  public var maximum: Double
  /// Bootstrap interval of the mean, over seeds and test images.
  public var interval: Interval

  /// - Precondition: `values` is not empty.
  init(_ values: [Double], interval: Interval) {
    precondition(!values.isEmpty, "a summary of no seeds")
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    deviation =
      values.count < 2
      ? nil
      : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    minimum = values.min() ?? mean
    maximum = values.max() ?? mean
    self.interval = interval
  }
}
