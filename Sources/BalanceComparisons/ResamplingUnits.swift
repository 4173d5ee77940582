import BalanceCore

/// What a bootstrap of the test set draws: images, or whole groups where there are groups (images
/// of one patient are not independent), within each class so that no class can vanish.
///
/// A group that holds several classes is drawn in the stratum of its most frequent class; the
/// lowest index wins ties.
struct ResamplingUnits {
  /// `strata[s]` is a range of units.
  let strata: [Range<Int>]
  /// Unit u covers `members[starts[u]..<starts[u + 1]]`.
  let starts: [Int]
  /// Positions of test images.
  let members: [Int32]

  init(truth: [Int32], groups: [Int32]?, classCount: Int) {
    var units: [[Int32]]
    if let groups {
      units = [[Int32]](repeating: [], count: Int(groups.max() ?? -1) + 1)
      for (image, group) in groups.enumerated() { units[Int(group)].append(Int32(image)) }
    } else {
      units = truth.indices.map { [Int32($0)] }
    }
    var byClass = [[Int]](repeating: [], count: classCount)
    for (unit, images) in units.enumerated() {
      byClass[Self.majority(images.map { Int(truth[Int($0)]) })].append(unit)
    }
    var strata: [Range<Int>] = []
    var starts = [0]
    var members: [Int32] = []
    members.reserveCapacity(truth.count)
    for stratum in byClass where !stratum.isEmpty {
      let first = starts.count - 1
      for unit in stratum {
        members += units[unit]
        starts.append(members.count)
      }
      strata.append(first..<starts.count - 1)
    }
    self.strata = strata
    self.starts = starts
    self.members = members
  }

  private static func majority(_ labels: [Int]) -> Int {
    guard labels.count > 1 else { return labels[0] }
    var counts: [Int: Int] = [:]
    for label in labels { counts[label, default: 0] += 1 }
    return counts.min { (-$0.value, $0.key) < (-$1.value, $1.key) }?.key ?? labels[0]
  }
}
