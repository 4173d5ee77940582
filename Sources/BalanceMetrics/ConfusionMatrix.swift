import BalanceCore

/// How often each true class was given each predicted class.
///
/// Over the full list of classes: a class that never occurs keeps its row and column of zeros, so
/// that averages over classes do not depend on which classes happened to occur.
///
/// Only cells that are not 0 are kept, in memory and as JSON, since of K² cells at most one an
/// image is not: 3,000 classes have nine million. `counts` has them all.
public struct ConfusionMatrix: Hashable, Sendable {
  /// Images of class `truth` that were predicted as class `predicted`.
  public struct Cell: Hashable, Sendable {
    public let truth: Int
    public let predicted: Int
    /// Above 0.
    public let count: Int
  }

  public let classNames: [String]
  /// Row by row.
  public let cells: [Cell]
  /// The number of images, N.
  public let total: Int
  private let supports: [Int]
  private let predictedCounts: [Int]

  /// - Parameter counts: `[K, K]`, row = truth, column = prediction, row-major.
  /// - Precondition: `counts` has K² entries, none negative.
  public init(classNames: [String], counts: [Int]) {
    let k = classNames.count
    precondition(counts.count == k * k, "\(counts.count) cells for \(k) classes")
    precondition(counts.allSatisfy { $0 >= 0 }, "a cell of the confusion matrix is negative")
    self.init(
      classNames: classNames,
      cells: counts.indices.filter { counts[$0] > 0 }.map {
        Cell(truth: $0 / k, predicted: $0 % k, count: counts[$0])
      })
  }

  /// Counts pairs of labels.
  ///
  /// - Precondition: `truth` and `predicted` have the same length and lie in
  ///   `0..<classNames.count`.
  public init(truth: [Int], predicted: [Int], classNames: [String]) {
    precondition(
      truth.count == predicted.count, "\(truth.count) labels, \(predicted.count) predictions")
    let k = classNames.count
    var counts: [Int: Int] = [:]
    for (t, p) in zip(truth, predicted) {
      precondition(t >= 0 && t < k && p >= 0 && p < k, "label \(t) or \(p) is not below \(k)")
      counts[t * k + p, default: 0] += 1
    }
    self.init(
      classNames: classNames,
      cells: counts.sorted { $0.key < $1.key }.map {
        Cell(truth: $0.key / k, predicted: $0.key % k, count: $0.value)
      })
  }

  /// - Parameter cells: row by row, each within the classes, above 0 and of a sum that is a number.
  init(classNames: [String], cells: [Cell]) {
    var supports = [Int](repeating: 0, count: classNames.count)
    var predictedCounts = supports
    for cell in cells {
      supports[cell.truth] += cell.count
      predictedCounts[cell.predicted] += cell.count
    }
    self.classNames = classNames
    self.cells = cells
    self.supports = supports
    self.predictedCounts = predictedCounts
    total = supports.reduce(0, +)
  }

  /// The number of classes, K.
  public var classCount: Int { classNames.count }

  /// `counts[t * K + p]` images of class `t` were predicted as class `p`: `[K, K]`, row-major.
  public var counts: [Int] {
    var counts = [Int](repeating: 0, count: classCount * classCount)
    for cell in cells { counts[cell.truth * classCount + cell.predicted] = cell.count }
    return counts
  }

  /// - Complexity: O(log of the number of cells).
  public subscript(truth truth: Int, predicted predicted: Int) -> Int {
    var (low, high) = (0, cells.count)
    while low < high {
      let middle = (low + high) / 2
      let cell = cells[middle]
      if (cell.truth, cell.predicted) < (truth, predicted) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < cells.count, cells[low].truth == truth, cells[low].predicted == predicted else {
      return 0
    }
    return cells[low].count
  }

  /// Images whose true class is `c`: TP + FN.
  public func support(_ c: Int) -> Int { supports[c] }

  /// Images predicted as class `c`: TP + FP.
  public func predictedCount(_ c: Int) -> Int { predictedCounts[c] }

  /// Images on the diagonal.
  public var correct: Int {
    cells.reduce(0) { $1.truth == $1.predicted ? $0 + $1.count : $0 }
  }
}
