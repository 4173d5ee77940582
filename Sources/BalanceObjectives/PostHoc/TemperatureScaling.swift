import Foundation

/// Temperature scaling: `p = softmax(z / T)` with the T that minimises the mean `−log p_y` of
/// validation images. No prediction changes, only how sure it is.
///
/// The mean is convex in 1/T, with slope `mean(Σ_k p_k z_k − z_y)`, whose zero is found by
/// bisection of log T to 1e-12.
///
/// Source: Guo et al., *On calibration of modern neural networks*, ICML 2017.
public struct TemperatureScaling: Hashable, Sendable {
  public let temperature: Double
  /// Mean −log p_y of the images it was fitted on, with T and without.
  public let fittedLoss: Double
  public let plainLoss: Double

  /// Temperatures that are looked at; where every image is right, the best one lies at an end. It
  /// is 1 where no other is better, as for one class.
  public static let range = 0x1p-10...0x1p10

  /// - Parameters:
  ///   - logits: `[N, K]` of images that nothing was trained on.
  ///   - labels: `[N]`, each in 0..<K.
  /// - Precondition: the buffers have these shapes; there is an image.
  public init(
    logits: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>, classes: Int
  ) {
    precondition(!labels.isEmpty, "a temperature needs images")
    precondition(logits.count == labels.count * classes, "the logits are not [images, classes]")
    func fit(_ inverse: Double) -> (loss: Double, slope: Double) {
      var (loss, slope) = (0.0, 0.0)
      for i in labels.indices {
        let row = UnsafeBufferPointer(rebasing: logits[i * classes..<(i + 1) * classes])
        let one = Self.row(row, Int(labels[i]), inverse)
        loss += one.loss
        slope += one.slope
      }
      return (loss / Double(labels.count), slope / Double(labels.count))
    }
    var (low, high) = (log(1 / Self.range.upperBound), log(1 / Self.range.lowerBound))
    while high - low > 1e-12 {
      let middle = (low + high) / 2
      if fit(exp(middle)).slope <= 0 { low = middle } else { high = middle }
    }
    let inverse = exp((low + high) / 2)
    let (fitted, plain) = (fit(inverse).loss, fit(1).loss)
    temperature = fitted < plain ? 1 / inverse : 1
    fittedLoss = min(fitted, plain)
    plainLoss = plain
  }

  /// Divides logits by T in place.
  public func apply(to logits: UnsafeMutableBufferPointer<Float>) {
    for i in logits.indices { logits[i] = Float(Double(logits[i]) / temperature) }
  }

  /// −log p_y and its slope for 1/T.
  private static func row(_ logits: UnsafeBufferPointer<Float>, _ label: Int, _ inverse: Double)
    -> (loss: Double, slope: Double)
  {
    let maximum = Double(logits.max() ?? 0)
    var (sum, weighted) = (0.0, 0.0)
    for logit in logits {
      let distance = Double(logit) - maximum
      let e = exp(distance * inverse)
      sum += e
      weighted += e * distance
    }
    let own = Double(logits[label]) - maximum
    return (log(sum) - own * inverse, weighted / sum - own)
  }
}
