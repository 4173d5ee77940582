import BalanceImageFixtures
import Foundation
import Testing

/// Datasets as they are downloaded: `index` with the options that say how, then `train` without.
@Suite struct PublicLayoutCommandTests {
  struct Layout: Sendable, CustomTestStringConvertible {
    let folders: [String]
    var texts: [String: String] = [:]
    var options: [String] = []
    /// What `index` prints first, and of the source.
    let found: String
    let source: String

    var testDescription: String { source }
  }

  static let layouts: [Layout] = [
    Layout(
      folders: ["archive/training_set/cat", "archive/training_set/dog", "archive/test_set/cat"],
      found: "24 images in 2 classes", source: "split folders, a folder per class in each"),
    Layout(
      folders: ["2020/cat", "2021/cat", "2021/dog"], options: ["--class-depth", "2"],
      found: "24 images in 2 classes", source: "a folder per class, --class-depth 2"),
    Layout(
      folders: ["MT_Crack/Imgs", "MT_Free/Imgs", "MT_Free/masks"],
      options: ["--pattern", "MT_{class}/{Imgs,Photos}/*.png", "--except", "**/7.png"],
      found: "14 images in 2 classes",
      source: "images that match 'MT_{class}/{Imgs,Photos}/*.png', except '**/7.png'"),
    Layout(
      folders: ["a", "b"], options: ["--group-pattern", "{group}/{group}.png"],
      found: "16 images in 2 classes",
      source: "a folder per class, groups from '{group}/{group}.png'"),
    Layout(
      folders: ["one", "two"],
      texts: [
        "list.txt": (0..<8).map { "one/\($0) 1 x\ntwo/\($0)   2 x\n" }.joined()
      ],
      options: [
        "--csv", "list.txt", "--columns", "name,breed,source", "--image-column", "name",
        "--image-suffix", ".png", "--label-column", "breed", "--delimiter", "space",
      ],
      found: "16 images in 2 classes",
      source: "list.txt, classes from breed, columns called name, breed, source, delimiter space"),
    Layout(
      folders: ["train/x/one", "train/y/two", "test/x/one", "test/y/two"],
      texts: ["train", "test"].reduce(into: [:]) { texts, part in
        let rows = (0..<8).flatMap { image in
          [("x/one", 0), ("y/two", 1)].map { "\(part)/\($0.0)/\(image).png, 0, \($0.1)\n" }
        }
        texts["\(part).txt"] = rows.joined()
      },
      options: [
        "--csv", "train.txt", "--csv", "test.txt", "--columns", "path,fine,coarse",
        "--image-column", "path", "--label-column", "coarse",
      ],
      found: "32 images in 2 classes",
      source: "train.txt, test.txt, which are the split, classes from coarse, columns called path, "
        + "fine, coarse"),
    Layout(
      folders: ["one", "two/deep"],
      texts: [
        "meta.csv": "file;kind;who\n"
          + (0..<8).map { "one/\($0).png;x;p\($0 / 2)\n" + "deep/\($0).png;y;q\($0)\n" }.joined()
      ],
      options: [
        "--csv", "meta.csv", "--image-column", "file", "--image-root", ".", "--image-root", "two",
        "--label-column", "kind", "--group-column", "who",
      ],
      found: "16 images in 2 classes",
      source: "meta.csv, classes from kind, groups from who, images in ., two"),
  ]

  @Test(arguments: layouts)
  func indexThenTrain(_ layout: Layout) throws {
    try withTemporaryFolder { folder in
      let root = folder.appendingPathComponent("data")
      for (number, path) in layout.folders.enumerated() {
        let place = root.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for image in 0..<8 {
          let values = [number, image, 10 * number + image, 200]
          try HandmadePNG(width: 4, height: 1, values: values).data
            .write(to: place.appendingPathComponent("\(image).png"))
        }
      }
      for (path, text) in layout.texts {
        try Data(text.utf8).write(to: root.appendingPathComponent(path))
      }
      let index = try BalanceBinary.run(["index", root.path] + layout.options)
      #expect(index.code == 0, "\(index.error)")
      let lines = index.out.split(separator: "\n")
      #expect(lines.first.map(String.init) == layout.found, "\(index.out)")
      #expect(lines.contains { $0 == "  source  \(layout.source)" }, "\(index.out)")
      let train = try BalanceBinary.run(
        "train", root.path, "--epochs", "1", "--model", "cnn", "--image-size", "8", "--threads",
        "1", "--out", folder.appendingPathComponent("run").path)
      #expect(train.code == 0, "\(train.error)")
    }
  }

  @Test(arguments: [
    (["--except", "*"], "--except needs --pattern"),
    (["--pattern", "{class}/*", "--class-depth", "2"], "leave --class-depth out"),
    (
      ["--csv", "t.csv", "--image-column", "a", "--label-column", "b", "--pattern", "{class}/*"],
      "leave --pattern out"
    ),
    (["--detect", "--pattern", "{class}/*"], "leave --pattern out"),
    (
      ["--group-pattern", "*/{group}.png", "--group-pattern=*/{group}_*.png"],
      "'--group-pattern' is given more than once"
    ),
    (["--class-depth", "1", "--class-depth", "2"], "'--class-depth' is given more than once"),
    (["--columns", "a,b"], "--columns needs --csv FILE."),
    (["--delimiter", "tab"], "--delimiter needs --csv FILE."),
    (["--pattern", "{clas}/*"], "--pattern '{clas}/*': has the unknown placeholder '{clas}'"),
    (["--pattern", "{class}/*", "--except", "a**"], "--except 'a**': has '**' beside other text"),
    (["--group-pattern", "{group"], "--group-pattern '{group': has a { that is never closed"),
    (["--pattern", "*/*"], "--pattern '*/*': has no {class}"),
    (["--group-pattern", "*"], "--group-pattern '*': has no {group}"),
    (["--class-depth", "0"], "--class-depth: the class folders cannot lie 0 folders deep"),
    (["--class-depth", "3"], "no image lies 3 or more folders deep"),
  ])
  func mistakesNameTheOption(_ options: [String], _ words: String) throws {
    try withTemporaryFolder { folder in
      let root = folder.appendingPathComponent("photos")
      try DatasetCommandTests.makeDataset(["cat": 2, "ant": 2], in: root)
      try Data("a,b\n".utf8).write(to: root.appendingPathComponent("t.csv"))
      let result = try BalanceBinary.run(["index", root.path] + options)
      #expect(result.code == 64 || result.code == 65, "\(result.code)")
      #expect(result.error.contains(words), "\(result.error)")
    }
  }

  /// What was chosen holds on until it is to be found out again; both are said.
  @Test func aChoiceIsTakenBack() throws {
    try DatasetCommandTests.withDataset { root in
      let options = ["--pattern", "{class}/1*", "--group-pattern", "*/{group}.png"]
      let chosen = try BalanceBinary.run(["index", root.path, "-q"] + options)
      #expect(chosen.code == 0 && !chosen.out.contains("--detect"), "\(chosen.error)")
      let kept = try BalanceBinary.run("index", root.path, "-q")
      #expect(kept.out.contains("  source  images that match '{class}/1*', groups from"))
      #expect(kept.out.contains("kept in the index; --detect finds out again"))
      for arguments in [["--detect"], []] {
        let found = try BalanceBinary.run(["index", root.path, "-q"] + arguments)
        #expect(found.out.contains("  source  a folder per class\n"), "\(found.out)")
      }
    }
  }
}
