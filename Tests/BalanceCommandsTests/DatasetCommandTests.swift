import Foundation
import Testing

/// `index`, `split` and `analyze` as a user sees them.
@Suite struct DatasetCommandTests {
  /// The smallest PNG: one grey pixel.
  static let png =
    Data(
      base64Encoded:
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5E"
        + "rkJggg==") ?? Data()

  /// A dataset whose files differ only after the image, where no decoder looks.
  static func makeDataset(_ counts: [String: Int], in root: URL) throws {
    for (name, count) in counts {
      let folder = root.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for number in 0..<count {
        try (png + Data("\(name)\(number)".utf8))
          .write(to: folder.appendingPathComponent("\(number).png"))
      }
    }
  }

  /// Runs `body` with a dataset of 40 cats and 8 ants, called `photos`.
  static func withDataset(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let root = folder.appendingPathComponent("photos")
      try makeDataset(["cat": 40, "ant": 8], in: root)
      try body(root)
    }
  }

  @Test func indexSaysWhatItFoundAndLeftOut() throws {
    try Self.withDataset { root in
      try Data("hello".utf8).write(to: root.appendingPathComponent("ant/text\n.png"))
      let result = try BalanceBinary.run("index", root.path)
      #expect(result.code == 0 && result.error.isEmpty, "\(result.error)")
      let lines = result.out.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.first == "48 images in 2 classes")
      #expect(lines[1] == "  source  a folder per class")
      #expect(lines[2].hasPrefix("  files   49 files read, 0 unchanged ("))
      // A line break in a name does not break the line.
      #expect(result.out.contains("  ant/text\\n.png (not-an-image)\n"))
      let again = try BalanceBinary.run("index", root.path, "--quiet")
      #expect(again.out.contains("0 files read, 49 unchanged"))
    }
  }

  @Test func splitThenAnalyze() throws {
    try Self.withDataset { root in
      let split = try BalanceBinary.run(
        "split", root.path, "--val", "0.25", "--test", "0.25", "--seed", "3")
      #expect(split.code == 0, "\(split.error)")
      #expect(
        split.out.contains(
          """
            class  images  groups  train          val          test
            ant         8       8      4  50.0 %    2  25.0 %     2  25.0 %
            cat        40      40     20  50.0 %   10  25.0 %    10  25.0 %
            asked                         50.0 %       25.0 %        25.0 %
          """), "\(split.out)")
      let analysis = try BalanceBinary.run("analyze", root.path)
      #expect(analysis.code == 0)
      #expect(
        analysis.out.contains(
          "  cat        40  83.3 %  #######################################################\n"
            + "  ant         8  16.7 %  ###########\n"), "\(analysis.out)")
      #expect(analysis.out.contains("imbalance ratio       5.0"), "\(analysis.out)")
      for line in analysis.out.split(separator: "\n") where !line.hasPrefix("  index") {
        #expect(line.count <= 80, "\(line)")
      }
    }
  }

  @Test func analyzeAsJSON() throws {
    try Self.withDataset { root in
      let result = try BalanceBinary.run("analyze", root.path, "--json")
      let value = try JSONSerialization.jsonObject(with: Data(result.out.utf8))
      let object = try #require(value as? [String: Any])
      let measures = try #require(object["measures"] as? [String: Any])
      #expect(measures["imbalanceRatio"] as? Double == 5)
      #expect((object["warnings"] as? [String])?.isEmpty == false)
    }
  }

  @Test(arguments: [
    (["analyze", "nowhere"], 66, "nowhere: the dataset's folder is not there"),
    (["analyze", "empty"], 65, "empty: the dataset is empty"),
    (["index", "photos/cat/0.png"], 66, "0.png: is a file, expected a dataset's folder"),
    (
      ["analyze", "table", "--csv", "t.csv", "--image-column", "file", "--label-column", "kin"],
      64,
      "t.csv: there is no column 'kin': did you mean 'kind'?; the columns are: file, kind"
    ),
    (["analyze", "table"], 64, "table: holds the table 't.csv'"),
    (["split", "photos", "--val", "0.9", "--test", "0.2"], 64, "leave nothing for training"),
    (["split", "photos", "--index", "photos/cat/0.png"], 65, "is not an index"),
    (
      ["analyze", "photos", "--split-name", "other"], 64, "photos: the dataset has no split yet"
    ),
  ])
  func errorsAreOneLine(_ arguments: [String], _ code: Int32, _ words: String) throws {
    try withTemporaryFolder { folder in
      try Self.makeDataset(["cat": 2, "ant": 2], in: folder.appendingPathComponent("photos"))
      try Self.makeDataset(["images": 1], in: folder.appendingPathComponent("table"))
      try Data("file,kind\nimages/0.png,x\n".utf8)
        .write(to: folder.appendingPathComponent("table/t.csv"))
      try Self.makeDataset([:], in: folder)
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("empty"), withIntermediateDirectories: true)
      let result = try BalanceBinary.run(arguments, in: folder)
      #expect(result.code == code, "\(result)")
      #expect(result.out.isEmpty)
      #expect(result.errorLines.count == 1 && result.error.contains(words), "\(result.error)")
      // Nothing half-written: an error leaves no index in a folder without a dataset.
      for name in ["empty", "table"] {
        let place = folder.appendingPathComponent("\(name)/.balance")
        #expect(!FileManager.default.fileExists(atPath: place.path), "\(name)")
      }
    }
  }

  @Test(arguments: ["index", "split", "analyze"])
  func helpFitsEightyColumns(_ command: String) throws {
    let result = try BalanceBinary.run(command, "--help")
    #expect(result.code == 0 && result.out.contains("EXAMPLES:"))
    for line in result.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    // Options that belong to an example stand on its lines.
    #expect(!result.out.contains("\nlesion_id"))
  }

  @Test func optionsThatNeedEachOther() throws {
    let result = try BalanceBinary.run("analyze", "photos", "--group-column", "patient")
    #expect(result.code == 64)
    #expect(result.error.contains("--group-column needs --csv FILE."), "\(result.error)")
  }
}
