import BalanceCore
import BalanceDatasets
import BalanceImages
import Foundation
import Testing

/// Bad files are recorded, each with its own kind and words, and never stop the run.
@Suite struct ProblemTests {
  @Test func eachKindOfBadFile() throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 2)
    let good = try TemporaryDataset.png(1)
    try data.write(Data(), "a/empty.png")
    try data.write("just words\n", "a/text.png")
    try data.write("<!DOCTYPE html><html></html>", "a/page.jpg")
    try data.write("version https://git-lfs.github.com/spec/v1\n", "a/pointer.png")
    try data.write(good.dropLast(good.count / 2), "a/short.png")
    try data.write(TemporaryDataset.jpeg.dropLast(30), "a/cut.jpg")
    try data.write(Data("GIF89a".utf8) + Data(count: 20), "a/moving.png")
    try data.write(Data(count: 64), "a/zeros.jpg")
    try data.write(Data("GIF89a".utf8), "a/known.gif")
    try data.write(
      Data(
        "RIFF".utf8 + [22, 0, 0, 0] + "WEBPVP8X".utf8 + [
          10, 0, 0, 0, 2, 0, 0, 0, 12, 0, 0, 8, 0, 0,
        ]),
      "a/film.webp")
    try data.write(try TemporaryDataset.png(2), "a/really-a-png.jpg")
    try data.write(TemporaryDataset.jpeg, "a/fine.JPEG")
    try data.write(good, "loose.png")
    try FileManager.default.createDirectory(
      at: data.url("hollow"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      at: data.url("a/folder.png"), withIntermediateDirectories: true)
    mkfifo(data.url("a/pipe.png").path, 0o644)
    try FileManager.default.createSymbolicLink(
      atPath: data.url("a/dangling.png").path, withDestinationPath: "nowhere.png")

    let (index, summary) = try data.index()
    let found = Dictionary(
      uniqueKeysWithValues: try index.problems().map { ($0.path, $0) })
    let expected: [(String, ProblemKind, String)] = [
      ("a/empty.png", .empty, "0 bytes"), ("a/text.png", .notAnImage, "text file"),
      ("a/page.jpg", .notAnImage, "HTML page"), ("a/pointer.png", .notAnImage, "Git LFS pointer"),
      ("a/short.png", .damaged, "PNG"), ("a/cut.jpg", .damaged, "JPEG"),
      ("a/moving.png", .unsupported, "GIF"), ("a/zeros.jpg", .notAnImage, "zero bytes"),
      ("a/film.webp", .unsupported, "animated WebP"), ("a/known.gif", .unsupported, "format"),
      ("a/really-a-png.jpg", .wrongEnding, "PNG"),
      ("loose.png", .strayFile, "class's folder"),
      ("hollow", .emptyClass, "no \(ImageFormat.names)"),
      ("a/pipe.png", .notAFile, "special file"), ("a/dangling.png", .missing, "not there"),
    ]
    for (path, kind, words) in expected {
      #expect(found[path]?.kind == kind, "\(path)")
      #expect(
        found[path]?.message.contains(words) == true, "\(path): \(found[path]?.message ?? "")")
      #expect(found[path]?.remedy.isEmpty == false, "\(path)")
    }
    #expect(found.count == expected.count)
    // The folder without images is no file that is left out.
    #expect(summary.warnings == 1 && summary.skipped == expected.count - 2)
    #expect(
      try index.images().map(\.path) == [
        "a/0.png", "a/1.png", "a/fine.JPEG", "a/really-a-png.jpg",
      ])
    #expect(try index.classNames() == ["a"])

    // Nothing is read again, and nothing is forgotten.
    let (_, again) = try data.index()
    #expect(again.read == 0 && again.skipped == summary.skipped && again.warnings == 1)
  }

  /// Something that a decoder warns of costs no image; the note stays at the next update.
  @Test func aWholePictureWithOddBytesIsUsed() throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 2)
    let jpeg = TemporaryDataset.jpeg
    try data.write(
      jpeg.dropLast(2) + [UInt8](repeating: 0, count: 50) + jpeg.suffix(2), "a/tail.jpg")
    try data.write(jpeg.prefix(20) + [0x12] + jpeg.dropFirst(20), "a/head.png")
    for _ in 0..<2 {
      let (index, summary) = try data.index()
      #expect(try index.images().map(\.path) == ["a/0.png", "a/1.png", "a/head.png", "a/tail.jpg"])
      #expect(summary.warnings == 3 && summary.skipped == 0)
      #expect(
        try index.problems().map { "\($0.path) \($0.kind.rawValue): \($0.message)" } == [
          "a/head.png odd: is whole, but has bytes between the segments of its header",
          "a/head.png wrong-ending: holds a JPEG image, which its ending does not say",
          "a/tail.jpg odd: is whole, but has bytes behind its last pixel",
        ])
    }
  }

  @Test func aFileThatGoesBadLeavesTheImages() throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 2)
    _ = try data.index()
    try data.write("now it is text, and longer than before it was, too", "a/0.png")
    let (index, _) = try data.index()
    #expect(try index.images().map(\.path) == ["a/1.png"])
    #expect(try index.problems().map(\.kind) == [.notAnImage])
    try data.addImage("a/0.png", key: 5)
    _ = try data.index()
    #expect(try index.images().count == 2)
    #expect(try index.problems().isEmpty)
  }

  @Test func aClassOfBadFilesIsNamed() throws {
    let data = try TemporaryDataset()
    try data.addClass("good", count: 2)
    try data.write("words", "bad/0.png")
    for _ in 0..<2 {
      let (index, _) = try data.index()
      #expect(try index.classNames() == ["good"])
      #expect(
        try index.problems().map { "\($0.path) \($0.kind.rawValue)" } == [
          "bad/0.png not-an-image", "bad empty-class",
        ])
    }
  }

  @Test func linksThatLeadOutAreRefusedUnlessAllowed() throws {
    let outside = try TemporaryDataset()
    try outside.addClass("x", count: 2)
    let data = try TemporaryDataset()
    try data.addClass("a", count: 1)
    try FileManager.default.createSymbolicLink(
      at: data.url("b"), withDestinationURL: outside.url("x"))
    try FileManager.default.createSymbolicLink(
      at: data.url("a/link.png"), withDestinationURL: outside.url("x/0.png"))
    try FileManager.default.createSymbolicLink(
      atPath: data.url("a/inside.png").path, withDestinationPath: "0.png")
    try FileManager.default.createSymbolicLink(
      atPath: data.url("a/round").path, withDestinationPath: "../a")
    let (index, _) = try data.index()
    #expect(try index.images().map(\.path) == ["a/0.png", "a/inside.png"])
    let kinds = Dictionary(
      uniqueKeysWithValues: try index.problems().map { ("\($0.path) \($0.kind)", $0.kind) })
    #expect(kinds.keys.sorted() == ["a/link.png outsideRoot", "b outsideRoot"])
    let (allowed, _) = try data.index(outside: true)
    #expect(
      try allowed.images().map(\.path) == [
        "a/0.png", "a/inside.png", "a/link.png", "b/0.png", "b/1.png",
      ])
  }
}
