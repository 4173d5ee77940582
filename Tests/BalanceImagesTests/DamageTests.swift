import BalanceCore
import BalanceImages
import Foundation
import Testing

/// What a broken or hostile file can hold: an error, never a crash, never a made-up pixel.
struct DamageTests {
  @Test func randomBytesBehindASignatureNeverCrash() {
    for seed in 0..<UInt64(300) {
      var generator = KeyedGenerator(seed: seed, .test, 1)
      let start: [UInt8] =
        seed % 2 == 0 ? [0xFF, 0xD8, 0xFF] : [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      let noise = (0..<generator.below(600)).map { _ in UInt8(generator.below(256)) }
      #expect(throws: BalanceError.self) { try decode(Data(start + noise)) }
    }
  }

  @Test func whatIsNoImageSaysHowItStarts() {
    let cases: [(Data, String)] = [
      (Data("hello world, this is text".utf8), "is not an image (starts with \"hello world,\")"),
      (Data([0, 1, 2, 0x80]), "is not an image (starts with bytes 00 01 02 80)"),
      (Data(), "is empty"),
      (Data("GIF89a......".utf8), "is a GIF image"),
      (Data("BMW and other cars".utf8), "is not an image (starts with \"BMW and othe\")"),
      (Data("BM".utf8) + [9, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0], "is a BMP image"),
      (Data([0, 0, 0, 28]) + Data("ftypavif".utf8), "is an AVIF image"),
    ]
    for (data, what) in cases {
      let error = #expect(throws: BalanceError.self) { try header(data) }
      #expect(error?.what == what)
      #expect(error?.code == .data)
      #expect(error?.remedy != nil)
    }
  }

  @Test func errorsGetTheirPlaceFromTheCaller() {
    let error = #expect(throws: BalanceError.self) { try decode(Data("text".utf8)) }
    #expect(error?.place == nil)
    #expect(error?.located(at: "a/b.png").description.hasPrefix("a/b.png: is not an image") == true)
  }
}
