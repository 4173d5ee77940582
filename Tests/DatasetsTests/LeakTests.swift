import BalanceCore
import Datasets
import Foundation
import Testing

@Suite struct LeakTests {
  @Test func duplicatesAcrossFoldersAreLeaks() throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 4, in: "train")
    try data.addClass("b", count: 4, in: "train")
    try data.addClass("a", count: 2, in: "test")
    let clean = try data.index(.splitFolders).0
    #expect(try clean.leaks().isEmpty)
    #expect(try clean.duplicates().isEmpty)

    let copied = try Data(contentsOf: data.url("train/a/0.png"))
    try data.write(copied, "test/a/copy.png")
    try data.write(copied, "train/b/copy.png")
    let index = try data.index(.splitFolders).0
    let leak = try #require(try index.leaks().first)
    #expect(try index.leaks().count == 1)
    #expect(leak.kind == .duplicate && leak.roles == ["train": 2, "test": 1])
    #expect(leak.examples == ["test/a/copy.png", "train/a/0.png", "train/b/copy.png"])
    let set = try #require(try index.duplicates().first)
    #expect(set.classes == ["a", "b"] && set.isConflicting && set.contentHash == leak.key)
  }

  @Test func contentHashIsXXH3() throws {
    // As a C program prints them that calls the xxHash library itself.
    #expect(ContentHash(of: "").hex == "99aa06d3014798d86001c324468d497f")
    #expect(ContentHash(of: "balance").hex == "ff38d8eb97c45b127109504181276c7a")
  }
}
