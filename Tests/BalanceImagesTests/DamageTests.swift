import BalanceCore
import BalanceImages
import Foundation
import Testing

/// What a broken or hostile file can hold: an error, never a crash, never a made-up pixel.
struct DamageTests {
  @Test(arguments: Goldens.images)
  func truncatedFilesAreErrors(_ golden: Goldens.File) throws {
    // A JPEG ends with its end marker, a PNG with its last chunk: every cut loses something.
    let cuts = Array(stride(from: 0, to: golden.file.count, by: 97)) + [golden.file.count - 1]
    for length in cuts {
      #expect(throws: BalanceError.self, "cut at byte \(length)") {
        try decode(golden.file.prefix(length))
      }
    }
  }

  @Test(arguments: Goldens.images)
  func flippedBitsNeverCrash(_ golden: Goldens.File) throws {
    var decoded = 0
    var refused = 0
    for seed in 0..<UInt64(300) {
      var generator = KeyedGenerator(seed: seed, .test)
      var bytes = golden.file
      for _ in 0...generator.below(4) {
        bytes[generator.below(bytes.count)] ^= UInt8(1 << generator.below(8))
      }
      if (try? decode(bytes)) == nil { refused += 1 } else { decoded += 1 }
    }
    // A PNG has a checksum over everything but its signature and chunk lengths.
    if golden.name.hasPrefix("png") { #expect(refused > 250) }
    #expect(refused > 0)
    #expect(decoded + refused == 300)
  }

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
    ]
    for (data, what) in cases {
      let error = #expect(throws: BalanceError.self) { try header(data) }
      #expect(error?.what == what)
      #expect(error?.code == .data)
      #expect(error?.remedy != nil)
    }
  }

  @Test func hugeClaimsAreRefusedBeforeAllocation() throws {
    var png = try Goldens.file("png RGB").file
    png.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    var error = #expect(throws: BalanceError.self) { try decode(png) }
    #expect(error?.what.contains("2147483647 by 2147483647") == true)

    var jpeg = try Goldens.file("jpeg gray").file
    let frame = try #require(jpeg.range(of: Data([0xFF, 0xC0])))
    jpeg.replaceSubrange(
      frame.lowerBound + 5..<frame.lowerBound + 9, with: [0xFF, 0xFF, 0xFF, 0xFF])
    error = #expect(throws: BalanceError.self) { try decode(jpeg) }
    #expect(error?.what.contains("65535 by 65535") == true)
  }

  @Test func errorsGetTheirPlaceFromTheCaller() {
    let error = #expect(throws: BalanceError.self) { try decode(Data("text".utf8)) }
    #expect(error?.place == nil)
    #expect(error?.located(at: "a/b.png").description.hasPrefix("a/b.png: is not an image") == true)
  }
}
