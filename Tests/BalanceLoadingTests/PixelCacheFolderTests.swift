import BalanceCore
import BalanceDatasets
import BalanceLoading
import Foundation
import Testing

@Suite struct PixelCacheFolderTests {
  private func write(_ name: String, in fixture: Fixture, age: Double = 0) throws {
    let file = fixture.cacheFolder.appendingPathComponent(name)
    try AtomicFile.makeFolder(file.deletingLastPathComponent())
    try Data("something".utf8).write(to: file)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: file.path)
  }

  @Test func saysOfEachFileWhatItIsAndWhetherItIsOfUse() throws {
    let fixture = try Fixture(count: 6)
    _ = try fixture.cache(images: Array(fixture.records.prefix(4)))
    _ = try fixture.cache()
    try write("pixels-8x7x3-0.cache", in: fixture)
    try write(".pixels-8x7x3-1.tmp", in: fixture, age: 90)
    try write(".pixels-8x7x3-2.tmp", in: fixture)
    try write("features/abc.f32", in: fixture)
    try write("notes.txt", in: fixture)
    let folder = PixelCacheFolder(fixture.cacheFolder)
    // The last two images are no longer in the index.
    let files = folder.files(for: fixture.records.prefix(3).map(\.contentHash))
    let kinds = Dictionary(grouping: files, by: \.kind)
    #expect(kinds[.outdated]?.map(\.name) == ["pixels-8x7x3-0.cache"])
    #expect(kinds[.leftover]?.map(\.name) == [".pixels-8x7x3-1.tmp"])
    #expect(kinds[.features]?.map(\.name) == ["features/abc.f32"])
    let pixels = try #require(kinds[.pixels]).sorted { $0.images > $1.images }
    #expect(pixels.map(\.images) == [4, 2] && pixels.map(\.current) == [3, 0])
    #expect(files.filter { !$0.isRemovable } == [pixels[0]])
    #expect(files.allSatisfy { $0.bytes > 0 } && files.count == 5)

    for file in files where file.isRemovable { #expect(folder.remove(file) == nil) }
    #expect(
      fixture.cacheFiles == [".pixels-8x7x3-2.tmp", "features", "notes.txt", pixels[0].name])
    #expect(try fixture.cache(images: Array(fixture.records.prefix(3))).decoded == 0)
    #expect(folder.remove(files[0]) != nil)
  }

  @Test func aFolderThatIsNotThereHasNoFiles() {
    #expect(PixelCacheFolder(URL(fileURLWithPath: "/nowhere/at/all")).files(for: []).isEmpty)
  }
}
