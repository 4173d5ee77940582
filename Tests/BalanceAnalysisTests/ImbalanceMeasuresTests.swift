import BalanceAnalysis
import BalanceCore
import Testing

@Suite struct ImbalanceMeasuresTests {
  @Test(arguments: ImbalanceGoldens.cases)
  func agreesWithNumpy(_ golden: (name: String, counts: [Int], measures: [Double])) {
    let names = golden.counts.indices.map { "class \($0)" }
    let found = ImbalanceMeasures(ClassCounts(names: names, counts: golden.counts))
    let values = [
      found.imbalanceRatio, found.entropy, found.normalizedEntropy, found.effectiveClasses,
      found.inverseSimpson, found.giniSimpson, found.giniCoefficient, found.largestShare,
    ]
    for (value, expected) in zip(values, golden.measures) {
      // Sums of at most ten terms in another order: a few ulp of values below 1000.
      #expect(abs(value - expected) <= 1e-13 * max(1, abs(expected)), "\(golden.name)")
    }
  }

  @Test func boundsAndNames() {
    let counts = ClassCounts(names: ["a", "b", "c", "d"], counts: [3, 9, 0, 3])
    let found = ImbalanceMeasures(counts)
    #expect(found.largestClass == "b" && found.smallestClass == "a" && found.emptyClasses == 1)
    #expect(found.classes == 4 && found.images == 15 && found.imbalanceRatio == 3)
  }

  @Test func aSingleClassHasPlainZeros() {
    let found = ImbalanceMeasures(ClassCounts(names: ["a"], counts: [7]))
    #expect(found.entropy == 0 && found.entropy.sign == .plus)
    #expect(found.giniCoefficient == 0 && found.effectiveClasses == 1)
  }

  @Test func nothingAtAll() {
    for counts in [ClassCounts(names: [], counts: []), ClassCounts(names: ["a"], counts: [0])] {
      let found = ImbalanceMeasures(counts)
      #expect(found.images == 0 && found.imbalanceRatio == 0 && found.largestClass == nil)
      #expect(found.entropy == 0 && found.giniCoefficient == 0)
    }
  }
}
