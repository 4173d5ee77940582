import BalanceCore
import BalanceImages
import Foundation
import Testing

/// Every kind of file, against Pillow.
struct DecodeTests {
  @Test(arguments: Goldens.images)
  func equalsPillow(_ golden: Goldens.File) throws {
    let image = try decode(golden.file)
    #expect(image.width == golden.width)
    #expect(image.height == golden.height)
    #expect(distance(image.pixels, golden.rgb) == 0)
    #expect(distance(try decode(golden.file, channels: 1).pixels, golden.gray) == 0)
  }

  @Test(arguments: Goldens.images)
  func headerTellsWhatDecodingGives(_ golden: Goldens.File) throws {
    let header = try header(golden.file)
    #expect(golden.name.hasPrefix(header.format.id + " "))
    #expect(header.width == golden.width)
    #expect(header.height == golden.height)
    #expect(header.depth == (golden.name.contains("16 bit") ? 16 : 8))
    let gray = golden.name.contains("gray") || golden.name.contains("LA")
    #expect(header.channels == (gray ? 1 : 3))
    let orientation = golden.name.split(separator: " ").last.flatMap { Int($0) }
    #expect(header.orientation == (golden.name.contains("orientation") ? orientation : 1))
  }

  @Test func grayAsColourRepeatsTheValue() throws {
    let golden = try Goldens.file("jpeg gray")
    let image = try decode(golden.file)
    let gray = try decode(golden.file, channels: 1)
    #expect(image.pixels == gray.pixels.flatMap { [$0, $0, $0] })
  }

  @Test(arguments: [(1, 1, 1), (13, 9, 1), (13, 9, 3), (200, 3, 3)])
  func encodedPNGDecodesToItself(_ width: Int, _ height: Int, _ channels: Int) throws {
    let image = pattern(width: width, height: height, channels: channels)
    let data = try PNGEncoder.encode(image)
    #expect(try decode(data, channels: channels) == image)
    #expect(
      try header(data)
        == ImageHeader(format: .png, width: width, height: height, channels: channels))
  }
}
