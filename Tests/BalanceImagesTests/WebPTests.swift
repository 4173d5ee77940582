import BalanceCore
import BalanceImages
import Foundation
import Testing

/// What WebP has beside pixels.
struct WebPTests {
  /// The canvas and the flags of an extended file: 0x02 is animation.
  @Test func anAnimationIsRefused() {
    let file: [UInt8] =
      "RIFF".utf8 + [22, 0, 0, 0] + "WEBPVP8X".utf8 + [10, 0, 0, 0, 2, 0, 0, 0, 12, 0, 0, 8, 0, 0]
    let error = #expect(throws: BalanceError.self) { try header(Data(file)) }
    #expect(error?.what == "is an animated WebP image")
    #expect(error?.remedy == "save one of its pictures as a file of its own")
  }

  /// As some cameras write it.
  @Test func anEXIFChunkMayHaveAJPEGsSignature() throws {
    let golden = try Goldens.file("webp lossless orientation 6")
    let chunk = try #require(golden.file.range(of: Data("EXIF".utf8)))
    var file = golden.file
    file[chunk.upperBound] += 6
    file[4] += 6
    file.insert(contentsOf: "Exif\0\0".utf8, at: chunk.upperBound + 4)
    #expect(try header(file).orientation == 6)
    #expect(try decode(file).pixels.elementsEqual(golden.rgb))
  }

  @Test func whatFollowsTheFileIsNoPartOfIt() throws {
    let golden = try Goldens.file("webp lossy")
    #expect(try decode(golden.file + Data("more".utf8)).pixels.elementsEqual(golden.rgb))
  }
}
