import BalanceMonitoring
import Testing

@Suite struct CRC32CTests {
  @Test(
    "the examples of RFC 3720, appendix B.4",
    arguments: [
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C),
      (Array("123456789".utf8), 0xE306_9283), ([], 0),
    ] as [([UInt8], UInt32)])
  func examples(bytes: [UInt8], checksum: UInt32) {
    #expect(CRC32C.checksum(bytes) == checksum)
  }

  @Test("the length 24, with which every event file of TensorFlow begins")
  func masked() {
    let length: [UInt8] = [24, 0, 0, 0, 0, 0, 0, 0]
    #expect(CRC32C.masked(length) == 0x224B_7FA3)
  }
}
