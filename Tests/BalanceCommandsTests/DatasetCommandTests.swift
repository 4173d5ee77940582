import BalanceImageFixtures
import BalanceImages
import Foundation
import Testing

/// `index`, `split` and `analyze` as a user sees them.
@Suite struct DatasetCommandTests {
  /// A dataset of different small pictures.
  static func makeDataset(_ counts: [String: Int], in root: URL) throws {
    for (name, count) in counts {
      let folder = root.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for number in 0..<count {
        let values = Array("\(name)\(number)".utf8).map(Int.init)
        try HandmadePNG(width: values.count, height: 1, values: values).data
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

  @Test func classesOfOneSizeAreNoRatioOfTwo() throws {
    try withTemporaryFolder { folder in
      let root = folder.appendingPathComponent("photos")
      try Self.makeDataset(["a": 5, "b": 5], in: root)
      let result = try BalanceBinary.run("analyze", root.path)
      #expect(result.code == 0, "\(result.error)")
      #expect(result.out.contains("1.0  all classes have as many\n"), "\(result.out)")
    }
  }

  @Test func splitKeepsTheTestImagesOfTheDataset() throws {
    try withTemporaryFolder { folder in
      let root = folder.appendingPathComponent("photos")
      for (role, count) in [("train", 20), ("test", 5)] {
        let part = root.appendingPathComponent(role)
        try Self.makeDataset(["\(role)-cat": count, "\(role)-ant": count], in: part)
        for name in ["cat", "ant"] {
          try FileManager.default.moveItem(
            at: part.appendingPathComponent("\(role)-\(name)"),
            to: part.appendingPathComponent(name))
        }
      }
      func train(_ options: String...) throws -> BalanceBinary.Result {
        try BalanceBinary.run(
          ["train", root.path, "--out", "run", "--epochs", "1", "--threads", "1", "--keep", "best"]
            + options, in: folder)
      }
      let plain = try train()
      #expect(plain.code == 64 && plain.error.contains("--val 0.15 --keep-test"), "\(plain.error)")
      let split = try BalanceBinary.run(
        ["split", root.path, "--val", "0.25", "--keep-test"], in: folder)
      #expect(split.code == 0, "\(split.error)")
      #expect(split.error.contains("--split keep-test"))
      #expect(
        split.out.contains(
          """
            class  images  groups  train          val          test
            ant        25      20     15  75.0 %    5  25.0 %     5  kept
          """), "\(split.out)")
      #expect(try train().error.contains("the split 'keep-test' has some"))
      let kept = try train("--split", "keep-test")
      #expect(kept.code == 0, "\(kept.error)")
      #expect(kept.out.contains("of 10 images"), "\(kept.out)")
      let both = try BalanceBinary.run("split", root.path, "--test", "0.2", "--keep-test")
      #expect(both.code == 64)
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

  /// Which matters most here: images of groups that are meant to be one would be separated.
  @Test func splitSaysWhatIsDoubtful() throws {
    try withTemporaryFolder { folder in
      let root = folder.appendingPathComponent("photos")
      try Self.makeDataset(["Cat": 8, "cat": 8, "ant": 8], in: root)
      let split = try BalanceBinary.run("split", root.path)
      #expect(split.code == 0, "\(split.error)")
      #expect(split.error.contains("warning: the classes look alike: 'Cat' and 'cat'"))
    }
  }

  /// The rarest classes are what matters most here: of many classes both ends are shown.
  @Test func ofManyClassesTheRarestAreShown() throws {
    try withTemporaryFolder { folder in
      let counts = (0..<50).map { (String(format: "class %02d", $0), $0 < 40 ? 50 - $0 : 2) }
      let root = folder.appendingPathComponent("photos")
      try Self.makeDataset(Dictionary(uniqueKeysWithValues: counts), in: root)
      let split = try BalanceBinary.run("split", root.path, "-q")
      #expect(split.code == 0, "\(split.error)")
      let lines = try BalanceBinary.run("analyze", root.path).out.split(separator: "\n")
      let gap = "  … 10 classes of 21 to 30 images; --json lists all"
      #expect(lines.filter { $0 == gap }.count == 2)
      for (name, _) in counts {
        let number = Int(name.suffix(2)) ?? 0
        let rows = lines.filter { $0.hasPrefix("  \(name) ") }
        #expect(rows.count == ((20..<30).contains(number) ? 0 : 2), "\(name)")
      }
      for line in lines where !line.hasPrefix("  index") { #expect(line.count <= 80, "\(line)") }
    }
  }

  /// A class without images follows from what is wrong with its files, and comes after it.
  @Test func causesComeBeforeWhatFollows() throws {
    try withTemporaryFolder { folder in
      let root = folder.appendingPathComponent("photos")
      try Self.makeDataset(["cat": 4, "dog": 4], in: root)
      for number in 0..<6 {
        let place = root.appendingPathComponent("bad \(number)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        try Data("words".utf8).write(to: place.appendingPathComponent("0.png"))
      }
      for command in ["index", "analyze"] {
        let result = try BalanceBinary.run(command, root.path)
        // Texts are broken into lines as the terminal's width has it.
        #expect(
          result.out.replacing("\n    ", with: " ").contains(
            """
            6 left out:
              bad 0/0.png, bad 1/0.png, bad 2/0.png and 3 more (not-an-image) is a text file, \
            expected a \(ImageFormat.names) image; replace or remove the file
            6 without images:
              bad 0, bad 1, bad 2 and 3 more (empty-class)
            """), "\(result.out)")
      }
      let analysis = try BalanceBinary.run("analyze", root.path)
      #expect(
        analysis.out.contains(
          "! 6 files or rows left out because of problems, such as \"bad 0/0.png\""))
      let train = try BalanceBinary.run(
        "train", root.path, "--epochs", "1", "--out", folder.appendingPathComponent("run").path)
      #expect(train.error.contains("note: 6 files or rows are left out, such as bad 0/0.png: is a"))
    }
  }

  @Test func duplicatesAreListedInJSON() throws {
    try Self.withDataset { root in
      for (from, to) in [("cat/0", "cat/copy"), ("cat/1", "ant/copy")] {
        try FileManager.default.copyItem(
          at: root.appendingPathComponent(from + ".png"),
          to: root.appendingPathComponent(to + ".png"))
      }
      let result = try BalanceBinary.run("analyze", root.path, "--json")
      let value = try JSONSerialization.jsonObject(with: Data(result.out.utf8))
      let found = try #require((value as? [String: Any])?["duplicates"] as? [String: Any])
      let files = try #require(found["files"] as? [[String: Any]])
      #expect(
        Set(files.compactMap { $0["paths"] as? [String] }) == [
          ["cat/0.png", "cat/copy.png"], ["ant/copy.png", "cat/1.png"],
        ])
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
    // Options that belong to an example are on its lines.
    #expect(!result.out.contains("\nlesion_id"))
  }

  @Test func optionsThatNeedEachOther() throws {
    let result = try BalanceBinary.run("analyze", "photos", "--group-column", "patient")
    #expect(result.code == 64)
    #expect(result.error.contains("--group-column needs --csv FILE."), "\(result.error)")
  }

  @Test(arguments: [
    (Data("image,label\n".utf8), "the table has a header and no rows"),
    (Data("image,label\n".utf8.flatMap { [$0, 0] }), "is UTF-16 text"),
    (Data("image,label\n".utf8.flatMap { [0, $0] }), "is UTF-16 text"),
  ])
  func whatIsWrongWithATableIsNamed(table: Data, expected: String) throws {
    try Self.withDataset { root in
      try table.write(to: root.appendingPathComponent("labels.csv"))
      let result = try BalanceBinary.run(
        "analyze", root.path, "--csv", "labels.csv", "--image-column", "image", "--label-column",
        "label")
      #expect(result.code == 65 && result.error.contains(expected), "\(result.error)")
    }
  }

  /// Nobody is advised to delete a file that the program has not made.
  @Test func aFileOfSomebodyElseIsNotToBeDeleted() throws {
    try Self.withDataset { root in
      let notes = root.deletingLastPathComponent().appendingPathComponent("notes")
      try Data(String(repeating: "my own notes\n", count: 100).utf8).write(to: notes)
      let result = try BalanceBinary.run("index", root.path, "--index", notes.path)
      #expect(result.code == 65 && result.error.contains("is not an index"), "\(result.error)")
      #expect(!result.error.contains("delete"), "\(result.error)")
    }
  }
}
