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
