import BalanceCore
import BalanceImageFixtures
import BalanceImages
import Foundation
import Testing

/// PNGs with something wrong behind the image, of which every byte is checked by then.
struct OddPNGTests {
  static let png = HandmadePNG(width: 3, height: 2, values: [1, 2, 3, 4, 5, 6]).data
  /// The end chunk: length, name, checksum.
  static let end = 12

  @Test func aDamagedChunkBehindTheImageCostsNothing() throws {
    var checksum = Self.png
    checksum[checksum.endIndex - 1] ^= 1
    let named = Self.png.dropLast(Self.end) + [0, 0, 0, 0, 0x61, 0x31, 0x42, 0x63, 0, 0, 0, 0]
    for file in [checksum, named + Self.png.suffix(Self.end)] {
      let image = try read(file)
      #expect(image.values == .bytes([1, 2, 3, 4, 5, 6]))
      #expect(image.oddities == ["has a damaged chunk behind its pixels"])
    }
    #expect(try read(Self.png + Data("more".utf8)).oddities == [])
  }

  /// A PNG has a checksum over everything but its signature and chunk lengths.
  @Test(arguments: Goldens.of(.png))
  func nearlyAllFlippedBitsAreFound(_ golden: Goldens.File) {
    let refused = (0..<UInt64(300)).count { seed in
      var generator = KeyedGenerator(seed: seed, .test)
      var bytes = golden.file
      for _ in 0...generator.below(4) {
        bytes[generator.below(bytes.count)] ^= UInt8(1 << generator.below(8))
      }
      return (try? decode(bytes)) == nil
    }
    #expect(refused > 250)
  }

  @Test func aDamagedImageIsDamage() throws {
    let data = try #require(Self.png.range(of: Data("IDAT".utf8))).upperBound
    let after = Self.png.endIndex - Self.end
    // A row's first byte, the checksums of the stream and of the chunk.
    for place in [data + 7, after - 5, after - 1] {
      var file = Self.png
      file[place] ^= 1
      #expect(throws: BalanceError.self, "byte \(place)") { try read(file) }
    }
    #expect(throws: BalanceError.self) { try read(Self.png.dropLast(Self.end)) }
  }
}
