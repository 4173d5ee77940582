import BalanceCore
import BalanceImages
import Foundation
import Testing

/// What the goldens of PGM and PPM do not have.
struct PNMTests {
  private func error(_ text: String) -> String? {
    #expect(throws: BalanceError.self) { try read(Data(text.utf8)) }?.what
  }

  @Test func commentsAndBlanksMayStandAnywhereInAHeader() throws {
    let header = "P5#a\n#b\n\t 3 # c 4\r\n2\u{B}255"
    for end in [" ", "\n", "#comment\n"] {
      let image = try read(Data((header + end).utf8) + [1, 2, 3, 0x20, 0x0A, 0x23])
      #expect(image.values == .bytes([1, 2, 3, 0x20, 0x0A, 0x23]) && image.oddities == [])
    }
    let plain = try read(Data("P2 3 1 9 # c\n0 #9\n 5\n9\n#end".utf8))
    #expect(plain.values == .bytes([0, 142, 255]) && plain.oddities == [])
  }

  /// netpbm and Pillow read such files, too.
  @Test(arguments: ["P2 1 2 255 7 12", "P2 1 1 255 7", "P3 1 1 9 1 2 9", "P2 2 1 999 10 999"])
  func nothingNeedsToStandBehindTheLastNumber(_ text: String) throws {
    let whole = try read(Data((text + "\n").utf8))
    let image = try read(Data(text.utf8))
    #expect(image.values == whole.values && whole.oddities == [])
    #expect(image.oddities == ["has nothing behind its last number, where a cut would not show"])
  }

  /// To the nearest, halves up, for every maximum.
  @Test func valuesAreScaledToTheFullRange() throws {
    for maximum in [1, 2, 6, 254, 255, 256, 1023, 4095, 65_534, 65_535] {
      let values = [0, 1, maximum / 2, maximum]
      let numbers = values.map(String.init).joined(separator: " ")
      let full = maximum > 255 ? 65_535 : 255
      let expected = values.map { (2 * $0 * full + maximum) / (2 * maximum) }
      let binary = values.flatMap {
        maximum > 255 ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0)]
      }
      for file in [
        Data("P2 4 1 \(maximum) \(numbers)\n".utf8), Data("P5 4 1 \(maximum)\n".utf8) + binary,
      ] {
        switch try read(file).values {
        case .bytes(let bytes): #expect(bytes.map(Int.init) == expected && maximum < 256)
        case .words(let words): #expect(words.map(Int.init) == expected && maximum > 255)
        }
      }
    }
  }

  @Test func damageIsNamed() {
    #expect(error("P5 3 2 255 12345") == "damaged PNM: the file ends in its pixels")
    #expect(error("P2 1 2 255 7") == "damaged PNM: the file ends in its pixels")
    #expect(error("P2 1 2 255 77") == "damaged PNM: the file ends in its pixels")
    #expect(error("P2 1 2 255 7 x") == "damaged PNM: no number at byte 13")
    #expect(error("P2 1 2 255 7 x1 ") == "damaged PNM: no number at byte 13")
    #expect(error("P2 1 2 255 7 -1 ") == "damaged PNM: no number at byte 13")
    #expect(error("P2 1 2 7 7 8 ") == "damaged PNM: a value of 8 where the maximum is 7")
    #expect(error("P5 0 2 255 ") == "damaged PNM: a size of 0 by 2")
    #expect(error("P5 1 1 65536 ") == "damaged PNM: a maximum of 65536")
    #expect(error("P5 1 1 0 ") == "damaged PNM: a maximum of 0")
    #expect(error("P5 1 99999999999999999999 9 ")?.contains("a size of 1 by") == true)
    #expect(error("P5 3 2") == "damaged PNM: the file ends in its header")
  }

  /// Some files have several images one behind the other: the first is taken.
  @Test func bytesBehindTheLastPixelAreSaid() throws {
    for text in ["P5 1 1 255 a", "P2 1 1 255 97 "] {
      let image = try read(Data((text + text).utf8))
      #expect(image.values == .bytes([97]))
      #expect(image.oddities == ["has bytes behind its last pixel"])
    }
  }

  @Test(arguments: ["P5", "P5x 1 1 255 a", "P5 is a text", "P7 1 1 255 a", "P9 1 1 255 a"])
  func aTextIsNoPNM(_ text: String) {
    #expect(error(text)?.hasPrefix("is not an image") == true)
  }
}
