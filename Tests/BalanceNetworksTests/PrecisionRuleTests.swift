import BalanceCore
import BalanceNetworks
import BalanceTensors
import Testing

@Suite struct PrecisionRuleTests {
  private func choice(_ advantage: Double, own: Double) -> PrecisionRule.Choice {
    PrecisionRule.choice(advantage: advantage, ownShare: own, machine: "AVX-512")
  }

  @Test func speedDecidesAndTheReasonSaysSo() {
    #expect(choice(0, own: 1).precision == .f32)
    #expect(choice(0, own: 1).reason.contains("has no bf16"))
    #expect(choice(1.94, own: 0).precision == .bf16)
    #expect(choice(1.94, own: 0).reason.contains("1.9 times"))
    #expect(choice(0.9, own: 0.98).precision == .bf16)
    #expect(choice(0.9, own: 0.98).reason.contains("98 %"))
    #expect(choice(0.9, own: 0.5).precision == .f32)
    #expect(choice(0.9, own: 0.5).reason.contains("0.9 times"))
  }

  @Test func measurementIsPositiveExactlyWhereThereIsBF16() {
    #expect((Machine.bf16Advantage > 0) == Machine.supportsBF16)
  }

  @Test(.enabled(if: Machine.supportsAVX512))
  func ownKernelsTrainSmallImagesMostly() throws {
    func share(_ name: String, side: Int) throws -> Double {
      try PrecisionRule.ownShare(
        ModelCatalog.network(
          name, input: ImageShape(height: side, width: side, channels: 3), classes: 10),
        images: 16)
    }
    #expect(try share("resnet32", side: 32) > 0.95)
    #expect(try share("cnn", side: 32) > 0.95)
    #expect(try share("resnet18", side: 224) < 0.6)
  }
}
