import BalanceCore
import BalanceImages
import Foundation
import Testing

/// What every format of the table keeps to.
struct FormatConformanceTests {
  @Test func everyFormatHasItsCase() {
    #expect(FormatCase.all.map(\.format) == ImageFormat.all)
    #expect(Set(ImageFormat.all.map(\.id)).count == ImageFormat.all.count)
    let endings = ImageFormat.endings + UnreadFormat.endings
    #expect(Set(endings).count == endings.count)
    #expect(endings.allSatisfy { $0 == $0.lowercased() && !$0.contains(".") })
    #expect(Set(ImageFormat.all.map(\.name)).isDisjoint(with: UnreadFormat.all.map(\.name)))
  }

  @Test(arguments: FormatCase.all)
  func theFirstBytesTell(_ tested: FormatCase) {
    #expect(tested.goldens.count > 3)
    for golden in tested.goldens {
      for count in [ImageFormat.telltaleBytes, golden.file.count] {
        [UInt8](golden.file.prefix(count)).withUnsafeBytes { bytes in
          #expect(ImageFormat(beginning: bytes) == tested.format, "\(golden.name)")
          #expect(UnreadFormat(beginning: bytes) == nil, "\(golden.name)")
          #expect(ImageFormat.isLikely(beginning: bytes))
        }
      }
    }
  }

  @Test(arguments: FormatCase.all)
  func theHeaderSaysWhatIsDecoded(_ tested: FormatCase) throws {
    for golden in tested.goldens {
      let decoded = try read(golden.file)
      #expect(try header(golden.file) == decoded.header)
      #expect(decoded.header.format == tested.format)
      let count = decoded.header.width * decoded.header.height * decoded.header.channels
      switch decoded.values {
      case .bytes(let bytes): #expect(bytes.count == count && decoded.header.depth == 8)
      case .words(let words): #expect(words.count == count && decoded.header.depth == 16)
      }
    }
  }

  @Test(arguments: FormatCase.all)
  func grayAndColourComeOut(_ tested: FormatCase) throws {
    for golden in tested.goldens {
      for (channels, expected) in [(1, golden.gray), (3, golden.rgb)] {
        let image = try decode(golden.file, channels: channels)
        #expect(image.channels == channels)
        #expect(distance(image.pixels, expected) == 0, "\(golden.name)")
      }
    }
  }

  @Test(arguments: FormatCase.all)
  func everyTruncationIsAnErrorOrTheWholeImage(_ tested: FormatCase) throws {
    for golden in tested.goldens {
      let whole = try decode(golden.file)
      for length in 0..<golden.file.count {
        do {
          let cut = golden.file.prefix(length)
          let isWhole = try decode(cut) == whole
          // A plain PNM may end within its last number.
          #expect(try isWhole || read(cut).oddities != [], "\(golden.name), cut at byte \(length)")
        } catch let error as BalanceError {
          guard length >= ImageFormat.telltaleBytes else { continue }
          #expect(error.what.hasPrefix("damaged \(tested.format.name): "), "\(error)")
          #expect(error.code == .data && error.remedy != nil)
        }
      }
    }
  }

  @Test(arguments: FormatCase.all)
  func flippedBitsNeverCrash(_ tested: FormatCase) {
    var refused = 0
    for golden in tested.goldens {
      for seed in 0..<UInt64(300) {
        var generator = KeyedGenerator(seed: seed, .test)
        var bytes = golden.file
        for _ in 0...generator.below(4) {
          bytes[generator.below(bytes.count)] ^= UInt8(1 << generator.below(8))
        }
        do { _ = try decode(bytes) } catch {
          #expect(error is BalanceError)
          refused += 1
        }
      }
    }
    #expect(refused > 0)
  }

  @Test(arguments: FormatCase.all)
  func noiseBehindABeginningNeverCrashes(_ tested: FormatCase) throws {
    let beginning = try #require(tested.goldens.first).file
    for seed in 0..<UInt64(300) {
      var generator = KeyedGenerator(seed: seed, .test, 1)
      let noise = (0..<generator.below(600)).map { _ in UInt8(generator.below(256)) }
      do { _ = try decode(beginning.prefix(8 + generator.below(24)) + noise) } catch {
        #expect(error is BalanceError)
      }
    }
  }

  @Test(arguments: FormatCase.all)
  func aHugeClaimIsRefusedBeforeAllocation(_ tested: FormatCase) {
    for read in [{ _ = try header($0) }, { _ = try decode($0) }] as [(Data) throws -> Void] {
      let error = #expect(throws: BalanceError.self) { try read(Data(tested.huge)) }
      #expect(error?.what.contains("more than the 134217728 allowed") == true)
      #expect(error?.remedy == "shrink or remove the file")
    }
  }

  @Test(arguments: FormatCase.all)
  func aHeaderIsKeptByItsId(_ tested: FormatCase) throws {
    let header = ImageHeader(format: tested.format, width: 3, height: 2, channels: 1)
    let data = try JSONEncoder().encode(header)
    #expect(String(decoding: data, as: UTF8.self).contains("\"format\":\"\(tested.format.id)\""))
    #expect(try JSONDecoder().decode(ImageHeader.self, from: data) == header)
  }

  @Test func anUnknownIdIsRefused() {
    let error = #expect(throws: BalanceError.self) {
      try JSONDecoder().decode([ImageFormat].self, from: Data("[\"jpg\"]".utf8))
    }
    #expect(error?.what == "unknown image format 'jpg': did you mean 'jpeg'?")
  }
}
