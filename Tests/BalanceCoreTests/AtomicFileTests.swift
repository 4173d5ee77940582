import BalanceCore
import Foundation
import Testing

@Suite struct AtomicFileTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-atomic-\(UUID().uuidString)")
    try AtomicFile.makeFolder(folder.appendingPathComponent("a/b"))
  }

  @Test func writesAndReplacesWholeFiles() throws {
    let url = folder.appendingPathComponent("a/b/file")
    try AtomicFile.write("one", to: url)
    try AtomicFile.write("two", to: url)
    #expect(try String(contentsOf: url, encoding: .utf8) == "two")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)
        == ["file"])
  }

  #if os(Linux)
    /// Whoever is killed while writing leaves a file that the next one knows.
    @Test func anUnfinishedFileIsKnownByItsName() throws {
      let watch = inotify_init1(Int32(IN_NONBLOCK))
      defer { close(watch) }
      try #require(inotify_add_watch(watch, folder.path, UInt32(IN_CREATE)) >= 0)
      try AtomicFile.write("text", to: folder.appendingPathComponent("file"))
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = read(watch, &buffer, buffer.count)
      var names: [String] = []
      var at = 0
      // Four numbers of four bytes, the last of which is the length of the name that follows.
      while at + 16 <= count {
        let length = buffer[at + 12..<at + 16].reversed().reduce(0) { $0 << 8 | Int($1) }
        let name = buffer[at + 16..<at + 16 + length].prefix { $0 != 0 }
        names.append(String(decoding: name, as: UTF8.self))
        at += 16 + length
      }
      #expect(names.count == 1)
      #expect(names.map(AtomicFile.finalName(ofTemporary:)) == ["file"])
    }
  #endif

  @Test func aFileInTheWayIsNamed() throws {
    let file = folder.appendingPathComponent("file")
    try AtomicFile.write("x", to: file)
    let wanted = file.appendingPathComponent("below")
    let error = #expect(throws: BalanceError.self) { try AtomicFile.makeFolder(wanted) }
    #expect(error?.code == .cannotCreate)
    #expect(error?.place == wanted.path)
    #expect(error?.what.hasPrefix("the folder cannot be made (\(file.path): ") == true)
  }

  @Test func aMissingFolderIsNamedAndNothingIsLeft() throws {
    let url = folder.appendingPathComponent("missing/file")
    let error = #expect(throws: BalanceError.self) { try AtomicFile.write("x", to: url) }
    #expect(error?.description.contains(url.path) == true)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a"])
  }

  @Test func makingAFolderTwiceIsFine() throws {
    try AtomicFile.makeFolder(folder.appendingPathComponent("a/b"))
  }
}
