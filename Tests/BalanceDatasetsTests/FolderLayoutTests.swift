import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// Which folders name the classes, and which the parts of a split.
@Suite struct FolderLayoutTests {
  private func index(_ paths: [String], classDepth: Int? = nil) throws -> DatasetIndex {
    try index(paths, in: TemporaryDataset(), classDepth: classDepth)
  }

  private func index(_ paths: [String], in data: TemporaryDataset, classDepth: Int?) throws
    -> DatasetIndex
  {
    for (key, path) in paths.enumerated() { try data.addImage(path, key: key + 1) }
    let source = try classDepth.map { try DatasetSource.detect(root: data.root, classDepth: $0) }
    return try DatasetIndex.prepare(
      root: data.root, source: source, threads: 1, progress: SilentProgress())
  }

  /// The paths of images in two classes and two parts.
  private func split(_ train: String, _ test: String) -> [String] {
    [train, test].flatMap { part in
      ["cat", "dog"].flatMap { ["\(part)/\($0)/1.png", "\(part)/\($0)/2.png"] }
    }
  }

  @Test(arguments: [
    ("training_set", "test_set"), ("train_set", "validation-set"), ("Training", "Testing"),
    ("train", "eval"), ("TrainData", "test data"), ("trainset", "testset"),
    ("training_set/training_set", "test_set/test_set"), ("train/train", "test"),
    ("train/images", "test/images"), ("archive/train", "archive/test"),
    ("archive/data/train/train", "archive/data/test"), ("seg_train/seg_train", "seg_test/seg_test"),
    ("seg_train", "seg_test"),
  ])
  func splitFolders(_ train: String, _ test: String) throws {
    let index = try index(split(train, test))
    #expect(try index.source() == .splitFolders)
    #expect(try index.classNames() == ["cat", "dog"])
    let record = try #require(try index.splits().first)
    let other = SplitRole(naming: test.pathPart) == .val ? SplitRole.val : .test
    #expect(record.counts(.train)?.total == 4 && record.counts(other)?.total == 4)
    let problems = try index.problems()
    #expect(problems.isEmpty, "\(problems)")
  }

  @Test func evaluationBesideATestIsValidation() throws {
    let index = try index(split("train", "eval") + ["test/cat/9.png"])
    let record = try #require(try index.splits().first)
    #expect(record.counts(.val)?.total == 4 && record.counts(.test)?.total == 1)
  }

  @Test func namesWithOtherWordsNeedSharedClasses() throws {
    let stations = try index(["train_station/photos/1.png", "test_tube/photos/2.png", "x/3.png"])
    #expect(try stations.classNames() == ["test_tube", "train_station", "x"])
  }

  @Test func theOnlyFolderIsNoClass() throws {
    #expect(try index(["archive/cat/1.png", "archive/dog/2.png"]).classNames() == ["cat", "dog"])
    #expect(try index(["a/b/cat/1.png", "a/b/dog/2.png"]).classNames() == ["cat", "dog"])
    // It is one where images lie in it, and where it is said to be.
    #expect(try index(["cat/1.png", "cat/x/2.png", "cat/y/3.png"]).classNames() == ["cat"])
    let paths = ["cat/x/2.png", "cat/y/3.png"]
    #expect(try index(paths, classDepth: 1).classNames() == ["cat"])
  }

  /// What lies beside the only folder is of no class, whether that folder is one or not.
  @Test(arguments: [
    ["preview.png"], ["__MACOSX/archive/cat/9.png"], ["1.png", "2.png", "@eaDir/3.png"],
  ])
  func whatLiesBesideTheOnlyFolderIsLeftOut(_ beside: [String]) throws {
    for parts in [[""], ["train/", "test/"]] {
      let data = try TemporaryDataset()
      try data.write("a text", "README.md")
      let paths = parts.flatMap { ["archive/\($0)cat/1.png", "archive/\($0)dog/2.png"] }
      let index = try index(paths + beside, in: data, classDepth: nil)
      #expect(try index.classNames() == ["cat", "dog"])
      #expect(try index.source()?.bringsSplit == (parts.count > 1))
      let strays = beside.filter { $0.pathFolder.isEmpty }
      let problems = try index.problems().filter { !$0.kind.isOfDataset }
      #expect(problems.map(\.path) == strays && problems.allSatisfy { $0.kind == .strayFile })
      let hidden = strays.count == beside.count ? 0 : 1
      #expect(
        try index.ignored().filter { $0.category == "hidden" }.map(\.count)
          == Array(repeating: 1, count: hidden))
    }
  }

  @Test func aFolderBesideAPartIsCountedByWhatIsInIt() throws {
    let data = try TemporaryDataset()
    for name in ["docs/a.txt", "docs/deep/b.txt", "more/c.txt"] { try data.write("text", name) }
    let beside = ["more/1.png", "more/x/2.png", "more/x/3.png"]
    let index = try index(split("train", "test") + beside, in: data, classDepth: nil)
    let problems = try index.problems()
    #expect(problems.map(\.path) == beside && problems.allSatisfy { $0.kind == .strayFile })
    #expect(problems[0].message.contains("is in 'more', beside the split folders"))
    #expect(try index.ignored().map(\.description) == ["3 .txt"])
  }

  @Test func classesThatLieDeeper() throws {
    let paths = ["s1/cat/1.png", "s1/dog/x/2.png", "s2/cat/3.png", "s2/4.png"]
    let data = try TemporaryDataset()
    let index = try index(paths, in: data, classDepth: 2)
    #expect(try index.classNames() == ["cat", "dog"] && index.counts().counts == [2, 1])
    #expect(try index.problems().map(\.path) == ["s2/4.png"])
    #expect(try index.source()?.summary == "a folder per class, --class-depth 2")
    // What was chosen holds on.
    let again = try DatasetIndex.prepare(root: data.root, threads: 1, progress: SilentProgress())
    #expect(try again.classNames() == ["cat", "dog"])
    let parts = try self.index(
      ["train/s1/cat/1.png", "train/s2/dog/2.png", "test/s1/dog/3.png"], classDepth: 2)
    #expect(try parts.classNames() == ["cat", "dog"])
    #expect(try parts.images(role: .test).map(\.path) == ["test/s1/dog/3.png"])
  }

  @Test func aDepthThatIsWrong() throws {
    let deep = message { _ = try index(["cat/1.png", "dog/2.png"], classDepth: 3) }
    #expect(
      deep.contains("no image lies 3 or more folders deep; \"cat/1.png\" does not; choose another"),
      "\(deep)")
    #expect(
      message { _ = try index(["cat/1.png"], classDepth: 0) }.hasPrefix("--class-depth: "))
  }

  /// Split folders without class folders, and a table of two columns for all that is in them.
  @Test func aTableForFlatSplitFolders() throws {
    let data = try TemporaryDataset()
    var rows = "id,kind\n"
    for key in 0..<8 {
      try data.addImage("\(key < 5 ? "train" : "test")/\(key).png", key: key + 1)
      rows += "\(key),\(key % 2)\n"
    }
    try data.write(rows, "labels.csv")
    let index = try DatasetIndex.prepare(root: data.root, threads: 1, progress: SilentProgress())
    #expect(try index.counts() == ClassCounts(names: ["0", "1"], counts: [4, 4]))
    let split = try #require(try index.splits().first)
    #expect(split.origin == .folders)
    #expect(split.counts(.train)?.total == 5 && split.counts(.test)?.total == 3)
    #expect(
      try index.source()?.summary
        == "labels.csv, classes from kind, images in test, train, which are the split")
    // An image that it does not name, and a column of which nobody knows what it is.
    try data.addImage("test/9.png", key: 99)
    #expect(message { _ = try DatasetSource.detect(root: data.root) }.contains("--label-column"))
    try FileManager.default.removeItem(at: data.url("test/9.png"))
    try data.write(rows.replacingOccurrences(of: "\n", with: ",x\n"), "labels.csv")
    #expect(message { _ = try DatasetSource.detect(root: data.root) }.contains("--label-column"))
  }

  @Test func aTableInTheOnlyFolderIsAskedFor() throws {
    let data = try TemporaryDataset()
    try data.addImage("archive/images/0.png", key: 1)
    try data.write("0,a\n", "archive/list.csv")
    let error = message { _ = try DatasetSource.detect(root: data.root) }
    #expect(
      error.contains(
        "--csv archive/list.csv --columns image,label --image-column image "
          + "--image-root archive/images --image-suffix .png --label-column label"), "\(error)")
  }
}

extension String {
  fileprivate var pathPart: String { String(split(separator: "/").last ?? "") }
}
