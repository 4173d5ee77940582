import BalanceCore
import Foundation
import Testing

@Suite struct OutputFileTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-output-\(UUID().uuidString)")
    try AtomicFile.makeFolder(folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func kind(_ url: URL) -> mode_t {
    var status = stat()
    return lstat(url.path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  @Test func aFileIsReplacedBehindALink() throws {
    try withFolder { folder in
      let (file, link) = (folder.appendingPathComponent("file"), folder.appendingPathComponent("l"))
      try OutputFile.write("one", to: file)
      try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "file")
      try OutputFile.write("two", to: link)
      #expect(kind(link) == S_IFLNK)
      #expect(try String(contentsOf: file, encoding: .utf8) == "two")
    }
  }

  @Test func aLinkToNothingMakesWhatItNames() throws {
    try withFolder { folder in
      let link = folder.appendingPathComponent("l")
      try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "file")
      try OutputFile.write("one", to: link)
      #expect(kind(link) == S_IFLNK)
      let file = folder.appendingPathComponent("file")
      #expect(try String(contentsOf: file, encoding: .utf8) == "one")
    }
  }

  @Test func aPipeIsWrittenInto() throws {
    try withFolder { folder in
      let pipe = folder.appendingPathComponent("pipe")
      try #require(mkfifo(pipe.path, 0o600) == 0)
      // Both ends are open, so that nothing waits.
      let reader = open(pipe.path, O_RDWR | O_NONBLOCK)
      defer { close(reader) }
      try OutputFile.write("text", to: pipe)
      #expect(kind(pipe) == S_IFIFO)
      var buffer = [UInt8](repeating: 0, count: 16)
      let count = read(reader, &buffer, buffer.count)
      #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "text")
    }
  }

  #if os(Linux)
    @Test func aFullDeviceIsNamedAndStays() throws {
      let error = #expect(throws: BalanceError.self) {
        try OutputFile.write("text", to: URL(fileURLWithPath: "/dev/full"))
      }
      #expect(error?.code == .output && error?.place == "/dev/full", "\(String(describing: error))")
      #expect(kind(URL(fileURLWithPath: "/dev/full")) == S_IFCHR)
    }
  #endif

  @Test func aFolderIsRefused() throws {
    try withFolder { folder in
      let error = #expect(throws: BalanceError.self) { try OutputFile.write("text", to: folder) }
      #expect(error?.code == .cannotCreate && error?.what.contains("is a folder") == true)
    }
  }

  /// The file's name has room, though the one that it is written under would not.
  @Test(arguments: [255, 240, 200]) func longNamesAreWritten(length: Int) throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent(String(repeating: "n", count: length))
      try OutputFile.write("text", to: file)
      #expect(try String(contentsOf: file, encoding: .utf8) == "text")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    }
  }
}
