import BalanceCore
import BalanceNetworks
import Foundation
import Testing

@Suite struct TensorConversionTests {
  private let folder: WeightsFolder

  init() throws { folder = try WeightsFolder() }

  private func load(_ dtype: String, _ weight: Data) throws -> [Float] {
    let url = try folder.write(
      "\(UUID()).safetensors",
      [("fc.weight", dtype, [2, 1], weight), ("fc.bias", "F32", [2], Data(count: 8))])
    let target = try WeightsFolder.head()
    try target.load(from: url)
    return values(target, "fc.weight")
  }

  @Test func doubleIsRoundedToTheNearestTiesToEven() throws {
    let half = 0x1p-24
    for (value, expected) in [
      (1 + half, Float(1)), (1 + 3 * half, 1 + 4 * 0x1p-24), (1 + half + 0x1p-40, 1 + 0x1p-23),
      (0.1, 0.1), (-0x1.2p-149, -0x1p-149), (1e-60, 0), (3.4028235e38, .greatestFiniteMagnitude),
    ] as [(Double, Float)] {
      #expect(try load("F64", bytes([value, -value])) == [expected, -expected])
    }
  }

  @Test func halvesAreExact() throws {
    #if !(os(macOS) && arch(x86_64))
      for start in stride(from: 0, to: 65536, by: 1021) {
        let pair = [UInt16(start), UInt16(min(start + 1, 65535))]
        let expected = pair.map { Float(Float16(bitPattern: $0)) }
        guard expected.allSatisfy(\.isFinite) else { continue }
        #expect(try load("F16", bytes(pair)).map(\.bitPattern) == expected.map(\.bitPattern))
      }
      // The least and the greatest subnormal, the least and the greatest normal number.
      for pattern: UInt16 in [1, 0x3FF, 0x400, 0x7BFF] {
        let pair = [pattern, pattern | 0x8000]
        #expect(try load("F16", bytes(pair)) == pair.map { Float(Float16(bitPattern: $0)) })
      }
    #endif
    #expect(try load("BF16", bytes([UInt16(0x3FC0), 0x8001])) == [1.5, -0x1p-133])
  }

  @Test(arguments: [
    ("F32", bytes([Float(1), .nan])), ("F32", bytes([Float(1), -.infinity])),
    ("F64", bytes([1.0, Double.nan])), ("F64", bytes([1.0, 1e39])),
    ("F16", bytes([UInt16(0), 0x7C00])), ("BF16", bytes([UInt16(0), 0xFF81])),
  ])
  func whatIsNotFiniteIsNamedWithItsIndex(dtype: String, weight: Data) throws {
    let error = #expect(throws: BalanceError.self) { try load(dtype, weight) }
    let what = error?.what ?? ""
    #expect(what.contains("'fc.weight'") && what.contains("finite") && what.contains("[1, 0]"))
  }

  @Test func integersAreNoWeights() throws {
    let error = #expect(throws: BalanceError.self) { try load("I32", Data(count: 8)) }
    #expect(error?.what.contains("is I32, not F64, F32, F16 or BF16") == true)
  }
}
