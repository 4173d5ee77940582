import BalanceCore
import BalanceImageFixtures
import BalanceImages
import Foundation
import Testing

/// 16-bit values in 8 bits.
struct SampleRangeTests {
  /// Every value, against whole-number arithmetic: ⌊(2 · 255 (v − low) + span) / (2 span)⌋.
  @Test(arguments: ["0:65535", "0:4095", "0:1", "65534:65535", "1000:1100", "7:300", "100:65000"])
  func everyValueIsRoundedOnce(_ text: String) throws {
    let range = try SampleRange(parsing: text)
    #expect("\(range)" == text)
    let span = range.high - range.low
    for start in stride(from: 0, to: 65_536, by: 4096) {
      let values = Array(start..<start + 4096)
      let image = try decode(
        HandmadePNG(width: 64, height: 64, depth: 16, values: values).data, channels: 1,
        range: range)
      let expected = values.map { value in
        UInt8((510 * (min(max(value, range.low), range.high) - range.low) + span) / (2 * span))
      }
      #expect(image.pixels == expected)
    }
  }

  @Test(arguments: [HandmadePNG.Color.gray, .rgb, .grayAlpha, .rgba])
  func everyColourTypeIsScaled(_ color: HandmadePNG.Color) throws {
    let count = [.gray: 1, .rgb: 3, .grayAlpha: 2, .rgba: 4][color] ?? 1
    let values = (0..<6 * count).map { 100 + 37 * $0 }
    let png = HandmadePNG(width: 3, height: 2, color: color, depth: 16, values: values)
    let channels = count < 3 ? 1 : 3
    let image = try decode(png.data, channels: channels, range: SampleRange(low: 100, high: 4095))
    let seen = values.indices.filter { $0 % count < channels }.map { values[$0] }
    #expect(image.pixels == seen.map { UInt8((510 * ($0 - 100) + 3995) / (2 * 3995)) })
    #expect(try header(png.data).depth == 16)
  }

  @Test func filesOfEightBitsAreLeftAlone() throws {
    let png = HandmadePNG(width: 4, height: 1, values: [0, 1, 128, 255]).data
    let narrow = try SampleRange(low: 0, high: 16)
    #expect(try decode(png, channels: 1, range: narrow).pixels == [0, 1, 128, 255])
    #expect(try header(png).depth == 8)
  }

  @Test(arguments: ["", "5", "5:", ":5", "9:9", "10:9", "-1:5", "0:65536", "0:1:2", "a:b", "0x1:9"])
  func whatIsNoRangeIsRefused(_ text: String) {
    let error = #expect(throws: BalanceError.self) { try SampleRange(parsing: text) }
    #expect(error?.code == .usage && error?.remedy == "write it as 0:4095")
  }
}
