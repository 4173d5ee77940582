import BalanceDatasets
import Testing

/// The class counts of CIFAR-10-LT and CIFAR-100-LT as the papers on them use, from
/// `tools/goldens/long_tail.py`.
@Suite struct LongTailTests {
  @Test(arguments: [
    (10.0, [5000, 3871, 2997, 2320, 1796, 1391, 1077, 834, 645, 500]),
    (20.0, [5000, 3584, 2569, 1842, 1320, 946, 678, 486, 348, 250]),
    (50.0, [5000, 3237, 2096, 1357, 878, 568, 368, 238, 154, 100]),
    (100.0, [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]),
    (200.0, [5000, 2775, 1540, 854, 474, 263, 146, 81, 45, 25]),
  ])
  func cifar10(_ ratio: Double, _ counts: [Int]) {
    #expect(longTailCounts(maximum: 5000, classes: 10, imbalanceRatio: ratio) == counts)
  }

  @Test(arguments: [(10.0, 19573), (20.0, 15907), (50.0, 12608), (100.0, 10847), (200.0, 9502)])
  func cifar100Totals(_ ratio: Double, _ total: Int) {
    let counts = longTailCounts(maximum: 500, classes: 100, imbalanceRatio: ratio)
    #expect(counts.reduce(0, +) == total)
  }

  @Test func edges() {
    #expect(longTailCounts(maximum: 9, classes: 0, imbalanceRatio: 10).isEmpty)
    #expect(longTailCounts(maximum: 9, classes: 1, imbalanceRatio: 10) == [9])
    #expect(longTailCounts(maximum: 9, classes: 3, imbalanceRatio: 1) == [9, 9, 9])
    #expect(longTailCounts(maximum: 10, classes: 2, imbalanceRatio: 100) == [10, 0])
  }
}
