import BalanceImages
import Foundation
import Testing

/// `predict FOLDER` finds what `index` finds.
@Suite struct PredictFolderTests {
  /// A folder with `photos` of two classes and a `run` on them.
  private func withRun(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try writePictures(["cat", "dog"], count: 10, in: folder)
      let train = try BalanceBinary.run(
        ["train", "photos", "--epochs", "1", "--out", "run", "--quiet"],
        in: folder)
      try #require(train.code == 0, "\(train.error)")
      try body(folder)
    }
  }

  private func predict(_ path: String, in folder: URL) throws -> BalanceBinary.Result {
    try BalanceBinary.run(["predict", "--model", "run", path], in: folder)
  }

  private func images(_ result: BalanceBinary.Result) -> [Substring] {
    result.out.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } }
  }

  @Test func linksAreFollowed() throws {
    try withRun { folder in
      let inside = folder.appendingPathComponent("in")
      try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: false)
      let cats = folder.appendingPathComponent("photos/cat").path
      let one = try FileManager.default.contentsOfDirectory(atPath: cats).sorted()[0]
      try FileManager.default.copyItem(
        atPath: cats + "/" + one, toPath: inside.path + "/loose.png")
      for (name, target) in [("cat", "../photos/cat"), ("round", "../in")] {
        try FileManager.default.createSymbolicLink(
          atPath: inside.path + "/" + name, withDestinationPath: target)
      }
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/link", withDestinationPath: "photos")

      let linked = try predict("link", in: folder)
      #expect(linked.code == 0, "\(linked.error)")
      #expect(images(linked).count == 20 && images(linked).first == "link/cat/\(one)"[...])
      let found = try predict("in/", in: folder)
      #expect(images(found).count == 11 && images(found).last == "in/loose.png")
      #expect(
        found.error.contains("passed over in in/: 1 linking to a folder that is listed already"))
    }
  }

  @Test func otherEndingsAndWhatIsNoImage() throws {
    try withRun { folder in
      let cats = folder.appendingPathComponent("photos/cat")
      let files = try FileManager.default.contentsOfDirectory(atPath: cats.path).sorted()
      for (file, name) in [(files[0], "a.PNG"), (files[1], "b")] {
        try FileManager.default.moveItem(
          at: cats.appendingPathComponent(file), to: cats.appendingPathComponent(name))
      }
      try Data("GIF89a".utf8).write(to: cats.appendingPathComponent("c.gif"))
      try Data("x".utf8).write(to: cats.appendingPathComponent("d.txt"))
      let result = try predict("photos/cat", in: folder)
      #expect(result.code == 0 && images(result).count == 10, "\(result.error)")
      #expect(images(result).contains("photos/cat/b"))
      #expect(result.error.contains("note: passed over in photos/cat: 1 .gif, 1 .txt"))
    }
  }

  @Test func whatCannotBeReadHasARow() throws {
    try withRun { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/photos/cat/ghost", withDestinationPath: "nowhere")
      let bytes = (folder.path + "/photos/k").utf8.map { CChar(bitPattern: $0) } + [-127, 0]
      mkdir(bytes, 0o755)
      let result = try predict("photos", in: folder)
      #expect(result.code == 65)
      #expect(images(result).count == 21)
      #expect(images(result).last == #"photos/k\x81"#)
      #expect(result.error.contains("note: photos/cat/ghost: the file is not there"))
    }
  }

  @Test func aFolderWithoutImagesSaysWhatIsThere() throws {
    try withRun { folder in
      let texts = folder.appendingPathComponent("texts")
      try FileManager.default.createDirectory(at: texts, withIntermediateDirectories: false)
      try Data("x".utf8).write(to: texts.appendingPathComponent("a.txt"))
      let result = try predict("texts", in: folder)
      #expect(result.code == 66 && result.out.isEmpty)
      #expect(
        result.error.contains("texts: the folder has no \(ImageFormat.names) files (but 1 .txt)"))
    }
  }

  /// A list that cannot be read is no list without images.
  @Test(arguments: [
    ("< photos", "cannot be read (Is a directory)"), ("<&-", "cannot be read"),
    ("< /dev/null", "names no image"),
  ])
  func aListThatNamesNothingIsAnError(redirection: String, expected: String) throws {
    try withRun { folder in
      let result = try BalanceBinary.shell(
        "\"$0\" predict --model run - \(redirection)", [], in: folder)
      #expect(result.code == 66 && result.out.isEmpty, "\(result)")
      #expect(result.error.contains("standard input"), "\(result.error)")
      #expect(result.error.contains(expected), "\(result.error)")
    }
  }

  @Test func oneFileIsNotWrittenTwice() throws {
    try withRun { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/link", withDestinationPath: "out")
      let result = try BalanceBinary.run(
        ["predict", "--model", "run", "photos", "--out", "./out", "--contact-sheet", "link"],
        in: folder)
      #expect(result.code == 64 && result.error.contains("name the same file"), "\(result.error)")
    }
  }

  /// As tools do that write to a file they are given.
  @Test func standardOutputIsAFileToo() throws {
    try withRun { folder in
      let plain = try predict("photos", in: folder)
      for words in [["--out", "/dev/stdout"], ["--out", "/dev/fd/1"]] {
        let result = try BalanceBinary.run(
          ["predict", "--model", "run", "photos"] + words, in: folder)
        #expect(result.code == 0 && result.out == plain.out, "\(result.error)")
      }
      let full = try BalanceBinary.run(
        ["predict", "--model", "run", "photos", "--out", "/dev/full"], in: folder)
      #expect(full.code == 74 && full.error.contains("/dev/full"), "\(full.error)")
    }
  }
}
