import BalanceComparisons
import BalanceCore
import Testing

@Suite("Statistics of a comparison")
struct StatisticsTests {
  @Test("Holm and Benjamini–Hochberg agree with statsmodels")
  func adjustments() {
    for golden in StatisticsGoldens.adjustments {
      let holm = MultipleComparisons.holm(golden.pValues)
      let bh = MultipleComparisons.benjaminiHochberg(golden.pValues)
      for index in golden.pValues.indices {
        #expect(abs(holm[index] - golden.holm[index]) < 1e-12)
        #expect(abs(bh[index] - golden.benjaminiHochberg[index]) < 1e-12)
      }
    }
    #expect(MultipleComparisons.holm([]).isEmpty)
    #expect(MultipleComparisons.benjaminiHochberg([]).isEmpty)
  }

  @Test("the sign-flip test agrees with scipy's exact permutation test")
  func signFlip() {
    for (differences, pValue) in StatisticsGoldens.signFlips {
      let test = SignFlipTest(differences)
      #expect(test.isExact)
      #expect(abs(test.pValue - pValue) < 1e-12, "\(differences)")
      #expect(test.pValue >= test.minimum)
    }
  }

  @Test("pairs all of one sign reach the minimum, and it is 2^(1−n)")
  func signFlipMinimum() {
    for pairs in 1...12 {
      let test = SignFlipTest((1...pairs).map { 0.01 * Double($0) })
      #expect(test.pValue == test.minimum)
      #expect(test.minimum == SignFlipTest.minimum(pairs: pairs))
    }
    #expect(SignFlipTest.minimum(pairs: 3) == 0.25)
    #expect(SignFlipTest.minimum(pairs: 6) < 0.05)
    #expect(SignFlipTest([]).pValue == 1)
    #expect(SignFlipTest([0, 0, 0]).pValue == 1)
  }

  @Test("beyond the exact limit the drawn p-value is near the normal approximation")
  func signFlipDrawn() {
    // 15 of 20 equal pairs are positive: p = 2·P(Binomial(20, ½) ≥ 15) = 0.04139.
    let differences = (0..<20).map { $0 % 4 == 0 ? -0.4 : 0.4 }
    let test = SignFlipTest(differences, seed: 1)
    #expect(!test.isExact)
    #expect(abs(test.pValue - 0.0414) < 0.003)
    #expect(SignFlipTest(differences, seed: 1) == test)
  }

  @Test(
    "verdicts follow the table, first match first",
    arguments: [
      (0.02, 0.05, 9, Verdict.notJudged), (-0.009, 0.009, 10, .same), (0.002, 0.01, 50, .same),
      (0.011, 0.05, 50, .clearlyGained), (0.001, 0.05, 50, .gained), (-0.05, -0.001, 50, .lost),
      (-0.02, 0.03, 50, .unclear), (0, 0.03, 50, .unclear),
    ])
  func verdicts(lower: Double, upper: Double, testImages: Int, expected: Verdict) {
    let interval = Interval(lower: lower, upper: upper)
    let verdict = Verdict(
      interval: interval, testImages: testImages, options: ComparisonOptions())
    #expect(verdict == expected)
  }

  @Test("figures have a true minus sign and no negative zero")
  func figures() {
    #expect(Figures.fixed(-0.0204) == "−0.020")
    #expect(Figures.fixed(-0.0004) == "0.000")
    #expect(Figures.signed(-0.0004) == "0.000")
    #expect(Figures.signed(0.0414) == "+0.041")
    #expect(Figures.signed(-0.0414, digits: 2) == "−0.04")
    #expect(Figures.fixed(.nan) == "–")
    #expect(Figures.signed(.infinity) == "–")
    #expect(Figures.percent(0.9894) == "98.9\u{A0}%")
    #expect(Figures.count(1_234_567) == "1,234,567")
    #expect(Figures.count(-1234) == "−1,234")
    #expect(Figures.count(999) == "999")
    #expect(Figures.probability(0.0005) == "< 0.001")
    #expect(Figures.list(["a", "b", "c"]) == "a, b and c")
    #expect(Figures.counted(1, "seed") == "1\u{A0}seed")
  }

  @Test("unclear says both ends")
  func unclearWords() {
    let words = Verdict.unclear.words(
      interval: Interval(lower: -0.02, upper: 0.03), testImages: 40)
    #expect(words == "unclear: between −0.020 and +0.030")
  }

  @Test("bands by training images, and thirds where fewer than two of them have a class")
  func bands() {
    func bands(_ counts: [Int]) -> [SupportBand] {
      SupportBand.bands(ClassCounts(names: counts.indices.map(String.init), counts: counts))
    }
    let fixed = bands([500, 101, 100, 20, 19, 0])
    #expect(fixed.map(\.name) == ["many", "medium", "few"])
    #expect(fixed.map(\.classes) == [[0, 1], [2, 3], [4, 5]])
    #expect(bands([500, 50, 60]).map(\.name) == ["many", "medium"])
    let thirds = bands([300, 900, 500, 700])
    #expect(thirds.map(\.classes) == [[1, 3], [2], [0]])
    #expect(thirds[0].rule == "700 to 900 training images")
    #expect(bands([10, 20]).isEmpty)
  }
}
