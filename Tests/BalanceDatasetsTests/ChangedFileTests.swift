import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// Files that have changed though their names, sizes and times have not, and what is known of them.
@Suite struct ChangedFileTests {
  private static let moment = 1_000_000_000

  /// Sets when a file was last written to.
  private func setTime(_ url: URL, seconds: Int) {
    let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
    #expect(utimensat(AT_FDCWD, url.path, times, 0) == 0)
  }

  private func dataset() throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 3)
    for number in 0..<3 { setTime(data.url("a/\(number).png"), seconds: Self.moment) }
    return data
  }

  private func hashes(_ index: DatasetIndex) throws -> [String] {
    try index.images().map(\.contentHash)
  }

  @Test func aFileExchangedForOneOfEqualSizeAndTimeIsReadAgain() throws {
    let data = try dataset()
    let (index, _) = try data.index()
    let before = try hashes(index)
    let size = try Data(contentsOf: data.url("a/1.png")).count
    // One that takes the place of the old one, and one that is written into it.
    try data.addImage("other.png", key: 0x112233)
    setTime(data.url("other.png"), seconds: Self.moment)
    #expect(rename(data.url("other.png").path, data.url("a/1.png").path) == 0)
    #expect(try data.index().1.read == 1)
    let handle = try FileHandle(forWritingTo: data.url("a/2.png"))
    try handle.write(contentsOf: TemporaryDataset.png(0x445566))
    try handle.close()
    setTime(data.url("a/2.png"), seconds: Self.moment)
    #expect(try data.index().1.read == 1)
    for name in ["a/1.png", "a/2.png"] {
      #expect(try Data(contentsOf: data.url(name)).count == size, "else the test shows nothing")
    }
    let after = try hashes(index)
    #expect(after[0] == before[0] && after[1] != before[1] && after[2] != before[2])
    #expect(try data.index().1.read == 0)
  }

  @Test func aDamagedFileExchangedForAWholeOneIsReadAgain() throws {
    let data = try dataset()
    let whole = try Data(contentsOf: data.url("a/1.png"))
    var damaged = whole
    damaged[damaged.count - 20] ^= 0xFF
    let handle = try FileHandle(forWritingTo: data.url("a/1.png"))
    try handle.write(contentsOf: damaged)
    setTime(data.url("a/1.png"), seconds: Self.moment)
    #expect(try data.index().1.skipped == 1)
    try handle.seek(toOffset: 0)
    try handle.write(contentsOf: whole)
    try handle.close()
    setTime(data.url("a/1.png"), seconds: Self.moment)
    let summary = try data.index().1
    #expect(summary.read == 1 && summary.skipped == 0)
  }

  @Test func allFilesAreReadAgainWhereThatIsAskedFor() throws {
    let data = try dataset()
    _ = try data.index()
    for (rereads, read) in [(false, 0), (true, 3)] {
      let summary = try DatasetIndex.openAndUpdate(
        root: data.root, at: nil, source: nil, refresh: true, allowOutsideRoot: nil,
        rereads: rereads, threads: 1, progress: SilentProgress()
      ).summary
      #expect(summary?.read == read)
    }
  }

  /// Nanoseconds since 1970 do not reach beyond the year 2262.
  @Test(arguments: [9_300_000_000, 15_000_000_000, -9_300_000_000])
  func timesFarAwayAreTaken(seconds: Int) throws {
    let data = try dataset()
    setTime(data.url("a/1.png"), seconds: seconds)
    #expect(try data.index().1.images == 3)
    #expect(try data.index().1.read == 0)
  }
}
