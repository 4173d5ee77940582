/// What a network sees of a value v of channel c: (v / 255 − μ_c) / σ_c, computed as
/// `scale` · v + `bias` wherever images are trained on, predicted or exported.
public struct Normalization: Codable, Hashable, Sendable {
  /// μ, one a channel, of values in 0...1.
  public var mean: [Float]
  /// σ, one a channel, of values in 0...1; never 0.
  public var deviation: [Float]

  /// - Precondition: as many means as deviations, and no deviation is 0.
  public init(mean: [Float], deviation: [Float]) {
    precondition(
      mean.count == deviation.count, "\(mean.count) means, \(deviation.count) deviations")
    precondition(deviation.allSatisfy { $0 > 0 }, "a deviation is not positive: \(deviation)")
    self.mean = mean
    self.deviation = deviation
  }

  /// 1 / (255 σ), one a channel.
  public var scale: [Float] { deviation.map { Float(1 / (255 * Double($0))) } }

  /// −μ / σ, one a channel.
  public var bias: [Float] {
    // A mean of 0 gives −0, which a black pixel does not: 0 · scale − 0 is 0.
    zip(mean, deviation).map { Float(-Double($0) / Double($1)) + 0 }
  }
}
