/// How often each true class was given each predicted class.
///
/// `counts[t * K + p]` images of class `t` were predicted as class `p`; `[truth, predicted]`,
/// row-major, over the full list of classes: a class that never occurs keeps its row and column
/// of zeros, so that averages over classes do not depend on which classes happened to occur.
public struct ConfusionMatrix: Codable, Hashable, Sendable {
  public let classNames: [String]
  /// `[K, K]`, row = truth, column = prediction.
  public let counts: [Int]
  /// The number of images, N.
  public let total: Int

  /// - Precondition: `counts` has K² entries, none negative.
  public init(classNames: [String], counts: [Int]) {
    precondition(
      counts.count == classNames.count * classNames.count,
      "\(counts.count) cells for \(classNames.count) classes")
    precondition(counts.allSatisfy { $0 >= 0 }, "a cell of the confusion matrix is negative")
    self.classNames = classNames
    self.counts = counts
    total = counts.reduce(0, +)
  }

  /// Counts pairs of labels.
  ///
  /// - Precondition: `truth` and `predicted` have the same length and lie in
  ///   `0..<classNames.count`.
  public init(truth: [Int], predicted: [Int], classNames: [String]) {
    precondition(
      truth.count == predicted.count, "\(truth.count) labels, \(predicted.count) predictions")
    let k = classNames.count
    var counts = [Int](repeating: 0, count: k * k)
    for (t, p) in zip(truth, predicted) {
      precondition(t >= 0 && t < k && p >= 0 && p < k, "label \(t) or \(p) is not below \(k)")
      counts[t * k + p] += 1
    }
    self.classNames = classNames
    self.counts = counts
    total = counts.reduce(0, +)
  }

  private enum CodingKeys: CodingKey {
    case classNames, counts
  }

  /// - Throws: `DecodingError` where the cells are not K² or one is negative.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let classNames = try container.decode([String].self, forKey: .classNames)
    let counts = try container.decode([Int].self, forKey: .counts)
    guard counts.count == classNames.count * classNames.count, counts.allSatisfy({ $0 >= 0 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .counts, in: container,
        debugDescription: "not the confusion matrix of \(classNames.count) classes")
    }
    self.init(classNames: classNames, counts: counts)
  }

  /// The number of classes, K.
  public var classCount: Int { classNames.count }

  public subscript(truth truth: Int, predicted predicted: Int) -> Int {
    counts[truth * classCount + predicted]
  }

  /// Images whose true class is `c`: TP + FN.
  public func support(_ c: Int) -> Int {
    counts[c * classCount..<(c + 1) * classCount].reduce(0, +)
  }

  /// Images predicted as class `c`: TP + FP.
  public func predictedCount(_ c: Int) -> Int {
    stride(from: c, to: counts.count, by: classCount).reduce(0) { $0 + counts[$1] }
  }

  /// Images on the diagonal.
  public var correct: Int {
    stride(from: 0, to: counts.count, by: classCount + 1).reduce(0) { $0 + counts[$1] }
  }
}
