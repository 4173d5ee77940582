import Foundation

/// What a learning-rate range test saw: losses of a short training whose rate rises exponentially.
///
/// Source: Smith, *Cyclical learning rates for training neural networks*, WACV 2017, section 3.3.
public struct RateRangeTest: Codable, Hashable, Sendable {
  public struct Point: Codable, Hashable, Sendable {
    public let rate: Double
    /// Mean loss of the step's batch, before the step.
    public let loss: Double
    /// Mean of the losses of the steps around this one, at most `window` on each side.
    public let smoothed: Double
  }

  /// In the order of the steps, rates rising.
  public let points: [Point]
  /// Whether it stopped because the loss was no number or several times its lowest.
  public let diverged: Bool

  /// Steps on each side that are smoothed over: a twentieth of all, at least 2.
  public static func window(_ steps: Int) -> Int { max(2, steps / 20) }

  /// - Parameter losses: finite, one for each rate.
  public init(rates: [Double], losses: [Double], diverged: Bool) {
    precondition(rates.count == losses.count, "\(rates.count) rates for \(losses.count) losses")
    let window = Self.window(rates.count)
    points = rates.indices.map { i in
      let around = losses[max(0, i - window)...min(losses.count - 1, i + window)]
      return Point(
        rate: rates[i], loss: losses[i], smoothed: around.reduce(0, +) / Double(around.count))
    }
    self.diverged = diverged
  }

  /// A learning rate to start with, and why; nil where the loss did not fall.
  public struct Suggestion: Codable, Hashable, Sendable {
    /// Where the smoothed loss falls fastest, over the logarithm of the rate.
    public let rate: Double
    /// By how much it falls there with each tenfold of the rate.
    public let fall: Double
    /// Where the smoothed loss is lowest: near the highest rate that still trains.
    public let lowest: Double
  }

  public var suggestion: Suggestion? {
    let window = Self.window(points.count)
    guard points.count > 2 * window,
      let lowest = points.indices.min(by: { points[$0].smoothed < points[$1].smoothed })
    else { return nil }
    var best: (index: Int, slope: Double)?
    for i in window..<(points.count - window) where i <= lowest {
      let (before, after) = (points[i - window], points[i + window])
      let slope = (after.smoothed - before.smoothed) / log10(after.rate / before.rate)
      if slope < best?.slope ?? 0 { best = (i, slope) }
    }
    return best.map {
      Suggestion(rate: points[$0.index].rate, fall: -$0.slope, lowest: points[lowest].rate)
    }
  }

  /// `step,learning rate,loss,smoothed loss`, a line a step from 1.
  public var csv: String {
    var text = "step,learning rate,loss,smoothed loss\n"
    for (index, point) in points.enumerated() {
      text += "\(index + 1),\(point.rate),\(point.loss),\(point.smoothed)\n"
    }
    return text
  }
}
