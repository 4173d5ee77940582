import Foundation
import Testing

/// The program on data and options with something wrong: one line that says what, where and how to
/// mend it, an exit code, and nothing half-written.
@Suite struct BehaviourTests {
  /// Runs `balance` in `folder` and checks what every error has in common.
  private func refused(
    _ arguments: [String], code: Int32, in folder: URL, saying words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try Self.contents(folder)
    let result = try BalanceBinary.run(arguments, in: folder)
    #expect(result.code == code, sourceLocation: sourceLocation)
    #expect(result.out.isEmpty, sourceLocation: sourceLocation)
    let errors = result.errorLines.filter { !$0.hasPrefix("note: ") }
    #expect(errors.count == 1, "\(result.error)", sourceLocation: sourceLocation)
    #expect(
      errors.first?.hasPrefix("balance: error: ") == true, "\(result.error)",
      sourceLocation: sourceLocation)
    for word in words {
      #expect(result.error.contains(word), "\(result.error)", sourceLocation: sourceLocation)
    }
    #expect(try Self.contents(folder) == before, sourceLocation: sourceLocation)
  }

  /// All files below a folder but indexes, which may be made at any time.
  private static func contents(_ folder: URL) throws -> Set<String> {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return Set(paths.filter { !$0.contains(".balance") })
  }

  @Test func emptyFolder() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("photos"), withIntermediateDirectories: false)
      try refused(
        ["train", "photos", "--out", "run"], code: 65, in: folder,
        saying: ["photos", "empty", "a folder of images per class"])
    }
  }

  @Test func missingFolder() throws {
    try withTemporaryFolder { folder in
      try refused(
        ["train", "photos", "--out", "run"], code: 66, in: folder, saying: ["photos", "not there"])
    }
  }

  @Test func oneClass() throws {
    try withTemporaryFolder { folder in
      try writePictures(["cat"], count: 4, in: folder)
      try refused(
        ["train", "photos", "--out", "run"], code: 65, in: folder,
        saying: ["single class, 'cat'", "needs two"])
    }
  }

  @Test func missingColumn() throws {
    try withTemporaryFolder { folder in
      let table = folder.appendingPathComponent("photos/table.csv")
      try FileManager.default.createDirectory(
        at: table.deletingLastPathComponent(), withIntermediateDirectories: false)
      try Data("image_id,dx\na,b\n".utf8).write(to: table)
      try refused(
        [
          "train", "photos", "--csv", "table.csv", "--image-column", "imag_id", "--label-column",
          "dx", "--out", "run",
        ], code: 64, in: folder, saying: ["'imag_id'", "did you mean 'image_id'?", "table.csv"])
    }
  }

  @Test func unknownLossAndOtherNames() throws {
    try withTemporaryFolder { folder in
      try writePictures(["cat", "dog"], count: 3, in: folder)
      let cases = [
        ("--loss", "focl", "did you mean 'focal'?"),
        ("--strategy", "wieghted", "did you mean 'weighted'?"),
        ("--model", "resnet23", "did you mean 'resnet20'?"),
        ("--schedule", "cosin", "did you mean 'cosine'?"),
        ("--optimizer", "adamv", "unknown optimizer 'adamv': did you mean 'adam"),
        (
          "--epochs", "none", "--epochs: expected a whole number from 1 to 1000000000, found 'none'"
        ),
        ("--manifest", "nothere.yaml", "nothere.yaml: there is no such file"),
      ]
      for (option, value, words) in cases {
        let code: Int32 = option == "--manifest" ? 66 : 64
        try refused(
          ["train", "photos", "--out", "run", option, value], code: code, in: folder,
          saying: [words])
      }
    }
  }

  @Test func unwritableOutput() throws {
    try withTemporaryFolder { folder in
      try writePictures(["cat", "dog"], count: 3, in: folder)
      try refused(
        ["train", "photos", "--out", "/proc/balance/run"], code: 73, in: folder,
        saying: ["/proc/balance"])
      try refused(
        ["train", "photos", "--out", "photos"], code: 73, in: folder,
        saying: ["exists and is not a run"])
      try refused(
        ["demo", "--to", "photos/cat/\(Self.anyFile(folder))"], code: 73, in: folder,
        saying: ["the folder cannot be made"])
    }
  }

  private static func anyFile(_ folder: URL) throws -> String {
    let cats = folder.appendingPathComponent("photos/cat")
    return try FileManager.default.contentsOfDirectory(atPath: cats.path).sorted()[0]
  }

  @Test func typoInAnOptionIsTheParsersBusiness() throws {
    let result = try BalanceBinary.run("train", "photos", "--out", "run", "--stratgy", "none")
    #expect(result.code == 64)
    #expect(
      result.error.hasPrefix("Error: Unknown option '--stratgy'. Did you mean '--strategy'?"))
  }

  @Test func badFilesAreRecordedAndTrainingGoesOn() throws {
    try withTemporaryFolder { folder in
      try writePictures(["cat", "dog"], count: 12, in: folder)
      let cats = folder.appendingPathComponent("photos/cat")
      try Data("just text".utf8).write(to: cats.appendingPathComponent("text.png"))
      try Data(Self.truncatedJPEG).write(to: cats.appendingPathComponent("cut.jpg"))
      let analysis = try BalanceBinary.run(["analyze", "photos"], in: folder)
      #expect(analysis.code == 0)
      #expect(analysis.out.contains("cat/text.png"))
      #expect(analysis.out.contains("cat/cut.jpg"))
      let result = try BalanceBinary.run(
        ["train", "photos", "--epochs", "2", "--batch-size", "4", "--out", "run"], in: folder)
      #expect(result.code == 0, "\(result.error)")
      let predictions = try String(
        contentsOf: folder.appendingPathComponent("run/predictions.csv"), encoding: .utf8)
      #expect(!predictions.contains("text.png") && !predictions.contains("cut.jpg"))
    }
  }

  /// A JPEG's beginning: the markers of a baseline image, without any pixels.
  private static let truncatedJPEG: [UInt8] = [
    0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0,
    0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
  ]

  @Test func badImageIsARowAndACode() throws {
    try withTemporaryFolder { folder in
      try writePictures(["cat", "dog"], count: 12, in: folder)
      let trained = try BalanceBinary.run(
        ["train", "photos", "--epochs", "2", "--quiet", "--out", "run"], in: folder)
      #expect(trained.code == 0)
      #expect(trained.error.isEmpty)
      let good = "photos/cat/\(try Self.anyFile(folder))"
      try Data("just text".utf8).write(to: folder.appendingPathComponent("text.png"))
      let result = try BalanceBinary.run(
        ["predict", "--model", "run", good, "text.png"], in: folder)
      #expect(result.code == 65)
      #expect(result.errorLines.count == 1)
      let lines = result.out.split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[0] == "image,predicted,error,p:cat,p:dog")
      #expect(lines[1].hasPrefix(good + ","))
      #expect(lines[2].hasPrefix("text.png,,") && lines[2].hasSuffix(",,"))
      let folderTop = try BalanceBinary.run(
        ["predict", "--model", "run", "photos", "--top-k", "1", "--out", "top.csv"], in: folder)
      #expect(folderTop.code == 0 && folderTop.out.isEmpty, "\(folderTop.error)")
      let top = try String(contentsOf: folder.appendingPathComponent("top.csv"), encoding: .utf8)
      let rows = top.split(separator: "\n")
      #expect(rows.count == 25 && rows[0] == "image,predicted,error,class1,p1")
      let fields = rows[1].split(separator: ",", omittingEmptySubsequences: false)
      #expect(fields.count == 5 && fields[1] == fields[3] && Float(fields[4]) ?? 0 >= 0.5)
      let json = try BalanceBinary.run(
        ["predict", "--model", "run", "--json", good], in: folder)
      #expect(json.code == 0 && json.out.contains("\"predicted\""))
      let sheet = try BalanceBinary.run(
        ["predict", "--model", "run", "photos", "--contact-sheet", "sheet.html"], in: folder)
      let page = try String(
        contentsOf: folder.appendingPathComponent("sheet.html"), encoding: .utf8)
      #expect(sheet.code == 0 || sheet.code == 65)
      #expect(page.components(separatedBy: "data:image/png;base64,").count == 25)
    }
  }
}
