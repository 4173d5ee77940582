import Foundation

/// The softmax of one row of logits, in `Double` and without overflow:
/// `log p_k = (z_k − max z) − log Σ_j exp(z_j − max z)`.
struct SoftmaxRow {
  let logits: UnsafeBufferPointer<Float>
  private let maximum: Double
  private let logSum: Double

  init(_ logits: UnsafeBufferPointer<Float>) {
    var maximum = -Double.infinity
    for logit in logits { maximum = max(maximum, Double(logit)) }
    var sum = 0.0
    for logit in logits { sum += exp(Double(logit) - maximum) }
    self.logits = logits
    self.maximum = maximum
    logSum = log(sum)
  }

  func logProbability(_ k: Int) -> Double { (Double(logits[k]) - maximum) - logSum }

  func probability(_ k: Int) -> Double { exp(logProbability(k)) }

  /// Σ p_k over k ≠ label: 1 − p_label without cancellation where that is near 0.
  func remainder(_ label: Int) -> Double {
    var sum = 0.0
    for k in 0..<logits.count where k != label { sum += probability(k) }
    return sum
  }
}

/// Σ w_y l / Σ w_y over the rows of a batch.
///
/// - Parameter row: returns w_y·l of one row and, where a gradient row is given, writes `scale`
///   times the gradient of w_y·l into it.
func weightedMean(
  logits: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>, classes: Int,
  weights: [Double]?, gradient: UnsafeMutableBufferPointer<Float>?,
  row: (SoftmaxRow, Int, Double, UnsafeMutableBufferPointer<Float>?) -> Double
) -> Double {
  precondition(
    logits.count == labels.count * classes,
    "\(logits.count) logits for \(labels.count) images of \(classes) classes")
  precondition(
    gradient == nil || gradient?.count == logits.count, "the gradient is not [images, classes]")
  precondition(
    weights == nil || weights?.count == classes,
    "\(weights?.count ?? 0) class weights for \(classes) classes")
  for label in labels {
    precondition(label >= 0 && label < classes, "label \(label) is not below \(classes)")
  }
  let total = totalWeight(labels, weights)
  guard total > 0 else {
    gradient?.update(repeating: 0)
    return 0
  }
  var sum = 0.0
  for i in 0..<labels.count {
    let range = i * classes..<(i + 1) * classes
    let target = gradient.map { UnsafeMutableBufferPointer(rebasing: $0[range]) }
    sum += row(
      SoftmaxRow(UnsafeBufferPointer(rebasing: logits[range])), Int(labels[i]), 1 / total, target)
  }
  return sum / total
}

/// Σ w_y, N without weights.
func totalWeight(_ labels: UnsafeBufferPointer<Int32>, _ weights: [Double]?) -> Double {
  guard let weights else { return Double(labels.count) }
  return labels.reduce(0) { $0 + weights[Int($1)] }
}

/// How a fingerprint writes class weights.
func fingerprint(of weights: [Double]?) -> String {
  weights.map { "w=[\($0.map { "\($0)" }.joined(separator: ","))]" } ?? "w=1"
}
