import BalanceCore
import Testing

/// Numbers in sentences and tables.
@Suite struct NumberTextTests {
  @Test("digits by threes, words by number, shares and an undefined value")
  func numbers() {
    #expect(NumberText.grouped(999) == "999")
    #expect(NumberText.grouped(-1_234_567) == "−1,234,567")
    #expect(NumberText.grouped(.min) == "−9,223,372,036,854,775,808")
    #expect(NumberText.counted(1, "class", "classes") == "1 class")
    #expect(NumberText.counted(0, "class", "classes") == "0 classes")
    #expect(NumberText.counted(12_406, "image") == "12,406 images")
    #expect(NumberText.percent(0.9894) == "98.9 %")
    #expect(NumberText.percent(.nan) == "–")
    #expect(NumberText.fixed(-0.0204) == "−0.020")
    #expect(NumberText.fixed(-0.0004) == "0.000")
    #expect(NumberText.fixed(.infinity, digits: 1) == "–")
  }
}
