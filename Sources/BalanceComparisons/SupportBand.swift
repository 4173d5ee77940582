public import BalanceCore

/// Classes of similar support in training, judged together, since single rare classes have too
/// few test images to be judged alone.
public struct SupportBand: Codable, Hashable, Sendable {
  /// "many", "medium", "few"; or "upper third", "middle third", "lower third".
  public var name: String
  /// The rule in words: "more than 100 training images".
  public var rule: String
  /// Class indices, in class order.
  public var classes: [Int]

  /// Many (> 100 training images), medium (20–100) and few (< 20), leaving out what is empty;
  /// thirds by training images where fewer than two of those have a class. Fewer than three
  /// classes have no bands: the classes are the bands.
  ///
  /// Source: Liu et al., *Large-scale long-tailed recognition in an open world*, CVPR 2019,
  /// section 4, for the thresholds.
  public static func bands(_ counts: ClassCounts) -> [SupportBand] {
    guard counts.classCount >= 3 else { return [] }
    func classes(_ range: ClosedRange<Int>) -> [Int] {
      counts.counts.indices.filter { range.contains(counts.counts[$0]) }
    }
    let fixed = [
      SupportBand(
        name: "many", rule: "more than 100 training images", classes: classes(101...(.max))),
      SupportBand(name: "medium", rule: "20 to 100 training images", classes: classes(20...100)),
      SupportBand(name: "few", rule: "under 20 training images", classes: classes(0...19)),
    ].filter { !$0.classes.isEmpty }
    return fixed.count >= 2 ? fixed : thirds(counts)
  }

  private static func thirds(_ counts: ClassCounts) -> [SupportBand] {
    let order = counts.counts.indices.sorted {
      (-counts.counts[$0], $0) < (-counts.counts[$1], $1)
    }
    let k = order.count
    let cuts = [0, (k + 2) / 3, (2 * k + 2) / 3, k]
    return ["upper third", "middle third", "lower third"].enumerated().map { index, name in
      let members = order[cuts[index]..<cuts[index + 1]].sorted()
      let supports = members.map { counts.counts[$0] }
      let low = supports.min() ?? 0
      let high = supports.max() ?? 0
      let images =
        low == high ? Figures.count(low) : "\(Figures.count(low)) to \(Figures.count(high))"
      return SupportBand(name: name, rule: "\(images) training images", classes: members)
    }
  }
}
