import BalanceCore
import Testing

@Suite struct IntSaturatingTests {
  @Test(
    arguments: [
      (2.9, 2), (-2.9, -2), (0, 0), (.nan, 0), (.infinity, .max), (-.infinity, .min), (1e300, .max),
      (-1e300, .min), (0x1p63, .max), (-0x1p63, .min), (0x1p62, 1 << 62),
      (.leastNonzeroMagnitude, 0),
    ] as [(Double, Int)])
  func anyNumberBecomesTheNearestWholeOne(value: Double, whole: Int) {
    #expect(Int(saturating: value) == whole)
  }
}
