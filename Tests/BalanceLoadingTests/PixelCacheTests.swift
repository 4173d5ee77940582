import BalanceCore
import BalanceDatasets
import BalanceImageFixtures
import BalanceImages
import BalanceLoading
import Foundation
import Testing

struct PixelCacheTests {
  @Test(arguments: [1, 3], [1, 2, 5])
  func holdsWhatTheDecoderGives(_ channels: Int, _ threads: Int) throws {
    let fixture = try Fixture(count: 23)
    let cache = try fixture.cache(channels: channels, threads: threads)
    #expect(cache.count == 23)
    #expect(cache.decoded == 23)
    for (position, record) in fixture.records.enumerated() {
      let bytes = [UInt8](try Data(contentsOf: record.url(root: fixture.folder)))
      let image = try bytes.withUnsafeBytes { try ImageCodec.decode($0, channels: channels) }
      #expect(Array(cache.pixels(position)) == image.resized(width: 8, height: 7).pixels)
    }
  }

  @Test func isReusedWithoutTheFiles() throws {
    let fixture = try Fixture(count: 12)
    let first = try fixture.cache()
    let files = fixture.cacheFiles
    for record in fixture.records {
      try FileManager.default.removeItem(at: record.url(root: fixture.folder))
    }
    let second = try fixture.cache()
    #expect(second.decoded == 0)
    #expect(second.everything == first.everything)
    #expect(fixture.cacheFiles == files)
    // Another order and a part of the list need nothing new, either.
    let reversed = try fixture.cache(images: Array(fixture.records.reversed().prefix(5)))
    #expect(reversed.decoded == 0)
    #expect(Array(reversed.pixels(0)) == Array(first.pixels(11)))
  }

  @Test func decodesOnlyWhatIsNewOrChanged() throws {
    let fixture = try Fixture(count: 6)
    #expect(try fixture.cache(images: Array(fixture.records.prefix(4))).decoded == 4)
    #expect(try fixture.cache().decoded == 2)
    let changed = noise(width: 8, height: 7, channels: 3, seed: 9, index: 0)
    fixture.records[2] = try fixture.write(changed, named: "2.png")
    let cache = try fixture.cache()
    #expect(cache.decoded == 1)
    #expect(Array(cache.pixels(2)) == changed.pixels)
  }

  @Test func sizesAndChannelsAreKeptApart() throws {
    let fixture = try Fixture(count: 3)
    for (width, height, channels) in [(8, 7, 3), (7, 8, 3), (8, 7, 1)] {
      let cache = try fixture.cache(width: width, height: height, channels: channels)
      #expect(cache.decoded == 3)
      #expect(cache.imageSize == width * height * channels)
    }
    #expect(fixture.cacheFiles.count == 3)
  }

  /// A range is of 16-bit images alone: others have the pixels that they have without one.
  @Test func rangesAreKeptApart() throws {
    let fixture = try Fixture(count: 2)
    let narrow = try SampleRange(low: 0, high: 100)
    _ = try fixture.cache()
    #expect(try fixture.cache(range: narrow).decoded == 0)
    let values = (0..<56).map { 2 * $0 }
    let png = HandmadePNG(width: 8, height: 7, depth: 16, values: values)
    fixture.records = [try fixture.write(png.data, named: "wide.png", extent: 0...110)]
    let full = try fixture.cache(channels: 1)
    let stretched = try fixture.cache(channels: 1, range: narrow)
    #expect(full.decoded == 1 && stretched.decoded == 1)
    #expect(full.everything == values.map { UInt8((510 * $0 + 65_535) / 131_070) })
    #expect(stretched.everything == values.map { UInt8((510 * min($0, 100) + 100) / 200) })
    #expect(try fixture.cache(channels: 1, range: narrow).decoded == 0)
    #expect(try fixture.cache(channels: 1).everything == full.everything)
  }

  @Test func equalFilesShareTheirPixels() throws {
    let fixture = try Fixture(count: 2)
    let image = noise(width: 6, height: 9, channels: 3, seed: 0, index: 0)
    fixture.records.append(try fixture.write(image, named: "copy.png"))
    let cache = try fixture.cache()
    #expect(cache.decoded == 2)
    #expect(cache.pixels(0).baseAddress == cache.pixels(2).baseAddress)
  }

  @Test func aFileThatChangedSinceIndexingIsAnError() throws {
    let fixture = try Fixture(count: 3)
    _ = try fixture.write(
      noise(width: 4, height: 4, channels: 3, seed: 7, index: 0), named: "1.png")
    let error = #expect(throws: BalanceError.self) { try fixture.cache() }
    #expect(error?.place == "1.png")
    #expect(error?.what == "has changed since it was indexed")
    #expect(fixture.cacheFiles.isEmpty)
  }

  @Test(arguments: [1, 2, 4])
  func theFirstBadFileIsNamedAndNothingIsLeft(_ threads: Int) throws {
    let fixture = try Fixture(count: 40)
    for index in [17, 31, 39] {
      let data = try Data(contentsOf: fixture.records[index].url(root: fixture.folder))
      fixture.records[index] = try fixture.write(data.dropLast(9), named: "\(index).png")
    }
    let error = #expect(throws: BalanceError.self) { try fixture.cache(threads: threads) }
    #expect(error?.place == "17.png")
    #expect(error?.code == .data)
    #expect(error?.what.hasPrefix("damaged PNG") == true)
    #expect(
      error?.remedy == "index the dataset again with 'balance index --reread' to have it skipped")
    #expect(fixture.cacheFiles.isEmpty)
  }

  @Test func aMissingFileIsNamed() throws {
    let fixture = try Fixture(count: 3)
    try FileManager.default.removeItem(at: fixture.records[1].url(root: fixture.folder))
    let error = #expect(throws: BalanceError.self) { try fixture.cache() }
    #expect(
      error?.description
        == "1.png: there is no such file; index the dataset again to have it skipped")
    #expect(error?.code == .noInput)
  }

  @Test func damagedSegmentsCountAsAbsent() throws {
    let fixture = try Fixture(count: 5)
    let whole = try fixture.cache().everything
    let file = try fixture.segment()
    let bytes = try Data(contentsOf: file)
    var wrongTable = bytes
    wrongTable[40] ^= 1
    for damaged in [Data(), bytes.prefix(20), bytes.dropLast(), wrongTable] {
      try damaged.write(to: file)
      let cache = try fixture.cache()
      #expect(cache.decoded == 5)
      #expect(cache.everything == whole)
    }
    // What a killed process left behind is not taken for a segment.
    let left = fixture.cacheFolder.appendingPathComponent(".\(file.lastPathComponent).1.tmp")
    try bytes.write(to: left)
    #expect(try fixture.cache().decoded == 0)
  }

  @Test func damagedPixelsAreDecodedAgain() throws {
    let fixture = try Fixture(count: 12)
    let whole = try fixture.cache().everything
    let file = try fixture.segment()
    var bytes = try Data(contentsOf: file)
    // Two bytes of the fourth image and one of the last.
    let start = bytes.count - whole.count
    for place in [start + 3 * 168 + 5, start + 3 * 168 + 100, bytes.count - 1] { bytes[place] ^= 4 }
    try bytes.write(to: file)
    let notes = Notes()
    let cache = try fixture.cache(progress: notes)
    #expect(cache.everything == whole)
    #expect(cache.damaged == 2 && cache.decoded == 2)
    #expect(notes.all.count == 1)
    #expect(notes.all.first?.contains("2 images, such as 3.png, are damaged") == true)
    // From now on what has been decoded is there.
    let again = try fixture.cache(progress: notes)
    #expect(again.everything == whole && again.decoded == 0 && again.damaged == 0)
    #expect(notes.all.count == 1)
  }

  @Test func anyFlippedByteLeavesThePixelsWhole() throws {
    let fixture = try Fixture(count: 7)
    let whole = try fixture.cache().everything
    let name = try #require(fixture.cacheFiles.first)
    let bytes = try Data(contentsOf: fixture.cacheFolder.appendingPathComponent(name))
    var generator = KeyedGenerator(seed: 3, .test)
    for _ in 0..<60 {
      for file in fixture.cacheFiles {
        try FileManager.default.removeItem(at: fixture.cacheFolder.appendingPathComponent(file))
      }
      var damaged = bytes
      damaged[generator.below(bytes.count)] ^= UInt8(1 + generator.below(255))
      try damaged.write(to: fixture.cacheFolder.appendingPathComponent(name))
      #expect(try fixture.cache().everything == whole)
    }
  }

  /// A file that becomes shorter below a mapping would end the program.
  @Test func aSegmentThatIsCutOffWhileItIsReadIsAnError() throws {
    let fixture = try Fixture(count: 40)
    let cache = try fixture.cache(width: 64, height: 64)
    try cache.check()
    let name = try #require(fixture.cacheFiles.first)
    truncate(fixture.cacheFolder.appendingPathComponent(name).path, 8192)
    #expect(cache.everything.count == 40 * 64 * 64 * 3)
    let error = #expect(throws: BalanceError.self) { try cache.check() }
    #expect(error?.code == .noInput)
    #expect(error?.place?.hasSuffix(name) == true)
  }

  @Test func segmentsOfEarlierVersionsAreReplaced() throws {
    let fixture = try Fixture(count: 3)
    let whole = try fixture.cache().everything
    let file = try fixture.segment()
    var bytes = try Data(contentsOf: file)
    bytes.replaceSubrange(0..<8, with: Data("BALPIX01".utf8))
    try FileManager.default.removeItem(at: file)
    try bytes.write(to: fixture.cacheFolder.appendingPathComponent("pixels-8x7x3-0.cache"))
    let cache = try fixture.cache()
    #expect(cache.decoded == 3 && cache.everything == whole)
    #expect(fixture.cacheFiles == [file.lastPathComponent])
  }

  @Test func leftoversOfKilledProcessesAreRemoved() throws {
    let fixture = try Fixture(count: 2)
    try AtomicFile.makeFolder(fixture.cacheFolder)
    for (name, age) in [(".pixels-8x7x3-a.cache.1.tmp", 90.0), (".pixels-8x7x3-b.cache.2.tmp", 0)] {
      let file = fixture.cacheFolder.appendingPathComponent(name)
      try Data([1, 2, 3]).write(to: file)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: file.path)
    }
    _ = try fixture.cache()
    #expect(fixture.cacheFiles.filter { $0.hasSuffix(".tmp") } == [".pixels-8x7x3-b.cache.2.tmp"])
    #expect(fixture.cacheFiles.filter { $0.hasSuffix(".cache") }.count == 1)
  }

  @Test func aPlaceThatCannotBeWrittenIsAnError() throws {
    let fixture = try Fixture(count: 2)
    let place = fixture.folder.appendingPathComponent("0.png/cache")
    let error = #expect(throws: BalanceError.self) {
      try PixelCache.build(
        images: fixture.records, root: fixture.folder, size: (4, 4), channels: 3, at: place,
        threads: 1)
    }
    #expect(error?.code == .cannotCreate)
    #expect(error?.place == place.path)
    #expect(error?.remedy != nil)
  }

  @Test func anEmptyListIsAnEmptyCache() throws {
    let fixture = try Fixture(count: 0)
    #expect(try fixture.cache().count == 0)
    #expect(fixture.cacheFiles.isEmpty)
  }
}
