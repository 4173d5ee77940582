import BalanceCore

/// As JSON: `classNames`, and `cells` as (truth, predicted, count) triples one after the other.
/// Older runs have `counts` instead, all K² cells.
extension ConfusionMatrix: Codable {
  private enum CodingKeys: CodingKey { case classNames, cells, counts }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(classNames, forKey: .classNames)
    try container.encode(
      cells.flatMap { [$0.truth, $0.predicted, $0.count] }, forKey: .cells)
  }

  /// - Throws: `DecodingError` for a cell outside the classes, out of order or not above 0, and for
  ///   counts that are not K², negative, or so large that their sum is no number.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let names = try container.decode([String].self, forKey: .classNames)
    func damaged(_ key: CodingKeys) -> DecodingError {
      DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "not the confusion matrix of \(names.count) classes")
    }
    guard container.contains(.cells) else {
      let counts = try container.decode([Int].self, forKey: .counts)
      let (size, overflow) = names.count.multipliedReportingOverflow(by: names.count)
      guard !overflow, counts.count == size, counts.sumOfNaturals != nil else {
        throw damaged(.counts)
      }
      self.init(classNames: names, counts: counts)
      return
    }
    let triples = try container.decode([Int].self, forKey: .cells)
    guard triples.count.isMultiple(of: 3) else { throw damaged(.cells) }
    let cells = stride(from: 0, to: triples.count, by: 3).map {
      Cell(truth: triples[$0], predicted: triples[$0 + 1], count: triples[$0 + 2])
    }
    let isOrdered = zip(cells, cells.dropFirst()).allSatisfy {
      ($0.truth, $0.predicted) < ($1.truth, $1.predicted)
    }
    guard isOrdered, cells.map(\.count).sumOfNaturals != nil,
      cells.allSatisfy({
        names.indices.contains($0.truth) && names.indices.contains($0.predicted) && $0.count > 0
      })
    else { throw damaged(.cells) }
    self.init(classNames: names, cells: cells)
  }
}
