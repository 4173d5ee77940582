public import BalanceCore
import Foundation

/// How unbalanced a set of class counts is: n_c images of class c, π_c = n_c / N, K classes.
///
/// Classes without images count as classes (π_c = 0, with 0 · ln 0 = 0), except in
/// `imbalanceRatio`, which no such class can have. Without any image all measures are 0.
public struct ImbalanceMeasures: Codable, Hashable, Sendable {
  /// Images, N.
  public let images: Int
  /// Classes, K.
  public let classes: Int
  /// Classes without an image.
  public let emptyClasses: Int
  /// max n_c / min n_c over the classes that have images; 1 is balanced.
  public let imbalanceRatio: Double
  /// H = −Σ π_c ln π_c, in nats; from 0 to ln K.
  public let entropy: Double
  /// H / ln K, from 0 to 1 (balanced); 1 for a single class.
  public let normalizedEntropy: Double
  /// exp H: as many balanced classes would have the same entropy; from 1 to K.
  ///
  /// Source: Hill, *Diversity and evenness*, Ecology 54, 1973 (order 1).
  public let effectiveClasses: Double
  /// 1 / Σ π_c²: as many balanced classes would agree as often by chance; from 1 to K (order 2).
  public let inverseSimpson: Double
  /// 1 − Σ π_c²: the probability that two images drawn with replacement differ in class.
  public let giniSimpson: Double
  /// Σ_i Σ_j |n_i − n_j| / (2 K N): 0 is balanced, (K − 1) / K has all images in one class.
  public let giniCoefficient: Double
  /// max π_c: the accuracy of always answering the largest class.
  public let largestShare: Double
  /// The largest class, the first of several; nil without images.
  public let largestClass: String?
  /// The smallest class that has images, the first of several; nil without images.
  public let smallestClass: String?

  public init(_ counts: ClassCounts) {
    let total = counts.total
    let present = counts.counts.indices.filter { counts.counts[$0] > 0 }
    images = total
    classes = counts.classCount
    emptyClasses = counts.classCount - present.count
    guard total > 0,
      let largest = present.max(by: { (counts.counts[$0], -$0) < (counts.counts[$1], -$1) }),
      let smallest = present.min(by: { (counts.counts[$0], $0) < (counts.counts[$1], $1) })
    else {
      imbalanceRatio = 0
      entropy = 0
      normalizedEntropy = 0
      effectiveClasses = 0
      inverseSimpson = 0
      giniSimpson = 0
      giniCoefficient = 0
      largestShare = 0
      largestClass = nil
      smallestClass = nil
      return
    }
    let shares = present.map { Double(counts.counts[$0]) / Double(total) }
    let squares = shares.reduce(0) { $0 + $1 * $1 }
    // Taken from 0, so that a single class gives 0 and not −0.
    let entropy = 0 - shares.reduce(0) { $0 + $1 * log($1) }
    self.entropy = entropy
    normalizedEntropy = counts.classCount > 1 ? entropy / log(Double(counts.classCount)) : 1
    effectiveClasses = exp(entropy)
    inverseSimpson = 1 / squares
    giniSimpson = 1 - squares
    giniCoefficient = Self.gini(counts.counts)
    imbalanceRatio = Double(counts.counts[largest]) / Double(counts.counts[smallest])
    largestShare = Double(counts.counts[largest]) / Double(total)
    largestClass = counts.names[largest]
    smallestClass = counts.names[smallest]
  }

  /// With n sorted upwards and i from 1: Σ (2 i − K − 1) n_i / (K N).
  private static func gini(_ counts: [Int]) -> Double {
    let k = counts.count
    let sorted = counts.sorted()
    let weighted = sorted.enumerated().reduce(0) { $0 + (2 * ($1.offset + 1) - k - 1) * $1.element }
    return Double(weighted) / Double(k * sorted.reduce(0, +))
  }
}
