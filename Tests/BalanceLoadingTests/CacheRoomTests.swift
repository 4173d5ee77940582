import BalanceCore
import BalanceDatasets
import BalanceLoading
import Foundation
import Testing

/// What many pixels need on the disk is said, or refused, before the first is written.
struct CacheRoomTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture(images: []) }

  /// Files that are not there: reading the first ends the build.
  private func records(_ count: Int) -> [ImageRecord] {
    (0..<count).map { number in
      let digits = String(number, radix: 16)
      return ImageRecord(
        id: Int64(number), path: "\(number).png",
        contentHash: String(repeating: "0", count: 32 - digits.count) + digits, width: 1,
        height: 1, channels: 3, label: 0, group: nil)
    }
  }

  private func build(_ images: [ImageRecord], side: Int, _ notes: Notes) throws -> PixelCache {
    try fixture.cache(width: side, height: side, images: images, progress: notes)
  }

  @Test(arguments: [(85, 0), (86, 1)])
  func placeAndSizeAreToldFrom256MiBOn(_ images: Int, _ told: Int) throws {
    let notes = Notes()
    let failure = #expect(throws: BalanceError.self) {
      try build(records(images), side: 1024, notes)
    }
    #expect(failure?.code == .noInput)
    let note = notes.all.filter { $0.contains("'balance cache'") }
    #expect(note.count == told)
    #expect(note.allSatisfy { $0.contains(fixture.cacheFolder.path) && $0.contains("270.5 MB") })
  }

  @Test func moreThanTheDiskHasIsRefusedBeforeItIsWritten() throws {
    let values = try FileManager.default.attributesOfFileSystem(forPath: fixture.folder.path)
    let free = try #require(values[.systemFreeSize] as? NSNumber).intValue
    let side = 8192
    let images = free / (side * side * 3) + 1
    let failure = #expect(throws: BalanceError.self) {
      try build(records(images), side: side, Notes())
    }
    #expect(failure?.code == .cannotCreate)
    #expect(failure?.remedy?.contains("'balance cache' lists what can go") == true)
    #expect(fixture.cacheFiles.isEmpty)
  }
}
