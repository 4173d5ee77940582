import BalanceCore
import BalanceImageFixtures
import BalanceImages
import Foundation
import Testing

/// JPEGs of which a decoder warns: those that lost no pixel are used, the others are damaged.
struct OddJPEGTests {
  @Test(arguments: Goldens.images.filter { $0.name.contains(",") })
  func whatCostsNoPixelIsSaid(_ golden: Goldens.File) throws {
    let expected =
      golden.name.contains("before its end")
      ? "has bytes behind its last pixel"
      : golden.name.contains("no spectrum")
        ? "claims a part of the spectrum where a scan has all of it"
        : "has bytes between the segments of its header"
    // Bytes of 0xFF before a marker are allowed.
    #expect(
      try read(golden.file).oddities == (golden.name.contains("fill") ? [] : [expected]))
  }

  @Test(arguments: Goldens.images.filter { !$0.name.contains(",") })
  func aPlainFileIsNotOdd(_ golden: Goldens.File) throws {
    #expect(try read(golden.file).oddities == [])
  }

  @Test(arguments: ["jpeg gray", "jpeg 4:4:4", "jpeg 4:2:0", "jpeg CMYK", "jpeg progressive"])
  func anyBytesMayStandBehindTheLastPixel(_ name: String) throws {
    let file = try Goldens.file(name).file
    let whole = try decode(file)
    for seed in 0..<UInt64(40) {
      var generator = KeyedGenerator(seed: seed, .test)
      let junk = (0...generator.below(300)).map { _ in UInt8(generator.below(255)) }
      let odd = file.dropLast(2) + junk + file.suffix(2)
      #expect(throws: Never.self, "seed \(seed)") {
        let found = try decode(odd)
        #expect(found == whole, "seed \(seed)")
      }
    }
  }

  /// The last byte of a scan is filled up with ones: where it is not, the scan's end is not its
  /// end.
  @Test func bytesBehindAScanThatEndsOddlyAreDamage() throws {
    let file = try Goldens.file("jpeg gray").file
    let whole = try decode(file)
    var odd = file
    odd[odd.endIndex - 3] &= 0xFE
    // That bit belongs to no pixel: alone it is nothing to complain of.
    #expect(try decode(odd) == whole && odd != file)
    #expect(throws: BalanceError.self) {
      try decode(odd.dropLast(2) + [UInt8](repeating: 0x55, count: 40) + odd.suffix(2))
    }
  }

  @Test(arguments: ["jpeg gray", "jpeg 4:2:0", "jpeg progressive", "jpeg restart"])
  func aScanThatWasCutIsDamage(_ name: String) throws {
    let file = try Goldens.file(name).file
    let scan = try #require(file.range(of: Data([0xFF, 0xDA]))).upperBound + 10
    for cut in stride(from: scan + 4, to: file.endIndex - 12, by: 7) where file[cut - 1] != 0xFF {
      #expect(throws: BalanceError.self, "cut at \(cut)") {
        try decode(file.prefix(upTo: cut) + file.suffix(2))
      }
    }
  }

  @Test func bytesBeforeARestartMarkerAreDamage() throws {
    let file = try Goldens.file("jpeg restart").file
    let marker = try #require(file.range(of: Data([0xFF, 0xD0]))).lowerBound
    #expect(throws: BalanceError.self) {
      try decode(
        file.prefix(upTo: marker) + [UInt8](repeating: 0x55, count: 40) + file.suffix(from: marker))
    }
  }

  /// Ended in good order, a progressive file says nothing of the scans that it lacks.
  @Test func aProgressiveFileWithoutItsLastScansIsDamage() throws {
    let file = try Goldens.file("jpeg progressive").file
    var scans: [Data.Index] = []
    var from = file.startIndex
    while let found = file.range(of: Data([0xFF, 0xDA]), in: from..<file.endIndex) {
      scans.append(found.lowerBound)
      from = found.upperBound
    }
    #expect(scans.count > 3)
    for scan in scans.dropFirst() {
      // The scan's table is before it.
      let table = try #require(
        file.range(of: Data([0xFF, 0xC4]), options: .backwards, in: 0..<scan))
      let error = #expect(throws: BalanceError.self) {
        try decode(file.prefix(upTo: table.lowerBound) + [0xFF, 0xD9])
      }
      #expect(error?.what == "damaged JPEG: its last scans are missing")
    }
  }

  /// What a lost marker said of the picture is gone, though a decoder would only warn: here, that
  /// the colours are inverted inks.
  @Test func aSegmentWithoutItsMarkerIsDamage() throws {
    let file = try Goldens.file("jpeg CMYK").file
    let marker = try #require(file.range(of: Data([0xFF, 0xEE]))).lowerBound
    for (first, second) in [(UInt8(0), UInt8(0xEE)), (0xFF, 0), (0xFF, 0xD3), (0xFE, 0xEE)] {
      var damaged = file
      damaged[marker] = first
      damaged[marker + 1] = second
      #expect(throws: BalanceError.self, "\(first) \(second)") { try decode(damaged) }
    }
  }

  /// Comments and application data that claim less than their own length miss nothing.
  @Test func anEmptySegmentIsPassedOver() throws {
    let golden = try Goldens.file("jpeg gray")
    let table = try #require(golden.file.range(of: Data([0xFF, 0xDB]))).lowerBound
    for marker in [UInt8(0xFE), 0xE5] {
      let file =
        golden.file.prefix(upTo: table) + [0xFF, marker, 0, 0] + golden.file.suffix(from: table)
      #expect(try decode(file, channels: 1).pixels.elementsEqual(golden.gray))
    }
  }
}
