/// How many images each class has: `counts[c]` images of the class `names[c]`.
///
/// The order of the classes is the order of the logits, of every per-class array, and of every
/// report; it is fixed when a dataset is indexed.
public struct ClassCounts: Codable, Hashable, Sendable {
  public let names: [String]
  public let counts: [Int]

  /// - Precondition: `names` and `counts` have the same length, and no count is negative.
  public init(names: [String], counts: [Int]) {
    precondition(
      names.count == counts.count, "\(names.count) class names for \(counts.count) counts")
    precondition(counts.allSatisfy { $0 >= 0 }, "a class count is negative: \(counts)")
    self.names = names
    self.counts = counts
  }

  private enum CodingKeys: CodingKey { case names, counts }

  /// - Throws: `DecodingError` where names and counts are not equally many, or a count is negative
  ///   or so large that their sum is no number.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let names = try container.decode([String].self, forKey: .names)
    let counts = try container.decode([Int].self, forKey: .counts)
    guard names.count == counts.count, counts.sumOfNaturals != nil else {
      throw DecodingError.dataCorruptedError(
        forKey: .counts, in: container, debugDescription: "not the counts of \(names.count) classes"
      )
    }
    self.init(names: names, counts: counts)
  }

  /// Counts the labels: `labels[i]` in `0..<names.count`.
  public init(names: [String], labels: some Sequence<Int>) {
    var counts = [Int](repeating: 0, count: names.count)
    for label in labels { counts[label] += 1 }
    self.init(names: names, counts: counts)
  }

  /// The number of classes, K.
  public var classCount: Int { names.count }

  /// N = Σ n_c.
  public var total: Int { counts.reduce(0, +) }

  /// π_c = n_c / N; all zero when there are no images.
  public var priors: [Double] {
    let total = Double(total)
    return counts.map { total == 0 ? 0 : Double($0) / total }
  }
}
