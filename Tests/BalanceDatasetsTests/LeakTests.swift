import BalanceCore
import BalanceDatasets
import BalanceImageFixtures
import BalanceImages
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
    #expect(set.classes == ["a", "b"] && set.isConflicting && set.pixelHash == leak.key)
  }

  static let values = (0..<12).map { 20 * $0 + 3 }
  static let plain = HandmadePNG(width: 2, height: 2, color: .rgb, values: values)

  /// Other bytes of the same picture.
  static let equals: [(name: String, data: Data)] = {
    var comment = plain
    comment.comment = "taken again"
    var filtered = plain
    filtered.storesDifferences = true
    let alpha = HandmadePNG(
      width: 2, height: 2, color: .rgba,
      values: values.enumerated().flatMap { $0 % 3 == 2 ? [$1, 255] : [$1] })
    let wide = HandmadePNG(
      width: 2, height: 2, color: .rgb, depth: 16, values: values.map { $0 * 257 })
    let image = PixelImage(width: 2, height: 2, channels: 3, pixels: values.map(UInt8.init))
    return [
      ("comment", comment.data), ("filter", filtered.data), ("alpha", alpha.data),
      ("depth", wide.data), ("compressed", (try? PNGEncoder.encode(image)) ?? Data()),
    ]
  }()

  @Test(arguments: equals.map(\.name))
  func equalPixelsInOtherBytesAreDuplicates(_ name: String) throws {
    let other = try #require(Self.equals.first { $0.name == name }?.data)
    #expect(other != Self.plain.data)
    let data = try TemporaryDataset()
    try data.addClass("a", count: 4, in: "train")
    try data.addClass("a", count: 4, in: "test")
    try data.write(Self.plain.data, "train/a/plain.png")
    try data.write(other, "test/a/other.png")
    let index = try data.index(.splitFolders).0
    #expect(try index.duplicates().map(\.paths) == [["test/a/other.png", "train/a/plain.png"]])
    let leaks = try index.leaks()
    #expect(leaks.map(\.roles) == [["train": 1, "test": 1]])
    #expect(leaks.first?.summary.hasPrefix("the same picture stands in train (1)") == true)
  }

  @Test func greyAndColourOfOneValueAreEqual() throws {
    let gray = HandmadePNG(width: 3, height: 1, values: [1, 99, 255])
    let color = HandmadePNG(
      width: 3, height: 1, color: .rgb, values: [1, 1, 1, 99, 99, 99, 255, 255, 255])
    let turned = HandmadePNG(width: 1, height: 3, values: [1, 99, 255])
    let tinted = HandmadePNG(
      width: 3, height: 1, color: .rgb, values: [1, 1, 1, 99, 99, 99, 255, 255, 254])
    let data = try TemporaryDataset()
    for (name, png) in [("gray", gray), ("color", color), ("turned", turned), ("tinted", tinted)] {
      try data.write(png.data, "a/\(name).png")
    }
    #expect(try data.index().0.duplicates().map(\.paths) == [["a/color.png", "a/gray.png"]])
  }

  /// In 8 bits they would be the same.
  @Test func wideValuesThatDifferALittleAreNoDuplicates() throws {
    let data = try TemporaryDataset()
    for value in [1000, 1001] {
      let png = HandmadePNG(width: 2, height: 1, depth: 16, values: [value, 5])
      try data.write(png.data, "a/\(value).png")
    }
    #expect(try data.index().0.duplicates().isEmpty)
  }

  @Test func aSplitKeepsEqualPixelsTogether() throws {
    let data = try TemporaryDataset()
    for number in 0..<20 {
      var png = HandmadePNG(width: 2, height: 1, values: [number / 2, 7])
      try data.write(png.data, "a/\(number).png")
      png.comment = "\(number)"
      try data.write(png.data, "b/\(number).png")
    }
    let index = try data.index().0
    let report = try index.makeSplit(SplitRequest(val: 0.3, test: 0.3, seed: 1))
    #expect(report.units == 10)
    #expect(try index.leaks().isEmpty)
  }

  @Test func contentHashIsXXH3() throws {
    // As a C program prints them that calls the xxHash library itself.
    #expect(ContentHash(of: "").hex == "99aa06d3014798d86001c324468d497f")
    #expect(ContentHash(of: "balance").hex == "ff38d8eb97c45b127109504181276c7a")
  }
}
