/// A confusion "truth → predicted" whose rate changed between the reference and an arm.
///
/// Each matrix is divided by its row sums first and subtracted then, so the rates compare even if
/// the numbers of decisions did not.
public struct ConfusionChange: Codable, Hashable, Sendable {
  public static let limit = 50

  public var truth: Int
  public var predicted: Int
  /// Decisions of the reference, summed over the shared seeds.
  public var before: Int
  /// Decisions of the arm, summed over the shared seeds.
  public var after: Int
  /// Decisions on images of this true class: test images × shared seeds.
  public var decisions: Int

  /// after/decisions − before/decisions.
  public var rateChange: Double { Double(after - before) / Double(decisions) }

  /// The off-diagonal cells that changed, by size of the change in rate, then by class. Rows with
  /// fewer than `minimum` test images are left out: there one image is a large rate.
  static func ranked(
    before: SparseConfusion, after: SparseConfusion, support: [Int], seeds: Int, minimum: Int
  ) -> [ConfusionChange] {
    let classCount = before.classCount
    var cells: [Int: (before: Int, after: Int)] = [:]
    for index in stride(from: 0, to: before.cells.count, by: 3) {
      let key = before.cells[index] * classCount + before.cells[index + 1]
      cells[key, default: (0, 0)].before = before.cells[index + 2]
    }
    for index in stride(from: 0, to: after.cells.count, by: 3) {
      let key = after.cells[index] * classCount + after.cells[index + 1]
      cells[key, default: (0, 0)].after = after.cells[index + 2]
    }
    let changes = cells.compactMap { key, counts -> ConfusionChange? in
      let truth = key / classCount
      let predicted = key % classCount
      guard truth != predicted, counts.before != counts.after, support[truth] >= minimum else {
        return nil
      }
      return ConfusionChange(
        truth: truth, predicted: predicted, before: counts.before, after: counts.after,
        decisions: support[truth] * seeds)
    }
    return Array(
      changes.sorted {
        (-abs($0.rateChange), $0.truth, $0.predicted)
          < (-abs($1.rateChange), $1.truth, $1.predicted)
      }.prefix(limit))
  }
}
