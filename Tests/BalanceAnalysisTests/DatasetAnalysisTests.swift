import BalanceAnalysis
import BalanceCore
import BalanceDatasets
import BalanceImages
import Foundation
import Testing

@Suite struct DatasetAnalysisTests {
  /// A dataset in a temporary folder with `images`: path to a key that the content follows from.
  static func analysis(
    _ images: [(path: String, key: UInt8)], _ source: DatasetSource, table: String? = nil,
    split: SplitRequest? = nil
  ) throws -> DatasetAnalysis {
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-analysis-\(UInt64.random(in: 0 ... .max))")
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, key) in images {
      let url = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      let image = PixelImage(width: 1, height: 2, channels: 1, pixels: [key, 255 - key])
      try PNGEncoder.encode(image).write(to: url)
    }
    if let table {
      try Data(table.utf8).write(to: root.appendingPathComponent("t.csv"))
    }
    let index = try DatasetIndex.open(root: root)
    try index.update(source: source, threads: 1, progress: SilentProgress())
    if let split { _ = try index.makeSplit(split) }
    return try DatasetAnalysis(index: index)
  }

  static func images(_ folder: String, _ count: Int, from key: UInt8) -> [(String, UInt8)] {
    (0..<count).map { ("\(folder)/\($0).png", key + UInt8($0)) }
  }

  @Test func leaksAndContradictionsComeFirst() throws {
    let found = try Self.analysis(
      Self.images("train/a", 20, from: 0) + Self.images("train/b", 3, from: 30)
        + Self.images("test/a", 5, from: 18) + Self.images("test/b", 1, from: 5), .splitFolders)
    // Keys 18 and 19 are in train/a and test/a, key 5 in train/a and test/b.
    #expect(found.duplicates.sets == 3 && found.duplicates.images == 6)
    #expect(found.duplicates.acrossRoles.count == 3)
    #expect(found.duplicates.conflicting.map(\.classes) == [["a", "b"]])
    #expect(found.groups == nil)
    #expect(found.trainingMeasures?.imbalanceRatio == 20.0 / 3)
    #expect(found.warnings.count == 5)
    #expect(found.warnings[0].hasPrefix("3 pictures in more than one role"))
    #expect(found.warnings[1].hasPrefix("1 picture labelled as different classes"))
    #expect(found.warnings[2].hasPrefix("always answering 'a' would be right for 86 %"))
    #expect(found.warnings[3].contains("'b' has 1 test image"))
    #expect(found.warnings[4].contains("no validation images"))
  }

  @Test func groupsAcrossRoles() throws {
    let names = (0..<6).map { "\($0).png" }
    let table =
      "path,kind,patient,part\n"
      + zip(names, ["train", "train", "val", "test", "test", "train"]).enumerated()
      .map { "\($1.0),\($0 % 2 == 0 ? "x" : "y"),p\($0 / 2),\($1.1)\n" }.joined()
    let found = try Self.analysis(
      names.enumerated().map { ($1, UInt8($0)) },
      .csv(
        CSVSource(
          file: "t.csv", imageColumn: "path", labelColumns: ["kind"], groupColumn: "patient",
          splitColumn: "part")), table: table)
    #expect(found.groups?.count == 3 && found.groups?.images == 6)
    #expect(found.groups?.acrossRoles.map(\.key) == ["p1", "p2"])
    #expect(found.warnings[0].hasPrefix("2 groups in more than one role of the split 'default'"))
    #expect(found.warnings.contains("no image in val of 'y'"))
  }

  @Test func aCleanDatasetHasNoWarnings() throws {
    let found = try Self.analysis(
      Self.images("a", 100, from: 0) + Self.images("b", 100, from: 101), .folderPerClass,
      split: SplitRequest(val: 0.3, test: 0.3, seed: 0))
    #expect(found.warnings.isEmpty, "\(found.warnings)")
    #expect(found.measures.imbalanceRatio == 1 && found.split?.origin == .generated)
    // What `--json` prints can be read back.
    let data = try CanonicalJSON.encode(found)
    #expect(try CanonicalJSON.decode(DatasetAnalysis.self, from: data) == found)
  }

  @Test func oneClassAndNoSplit() throws {
    let one = try Self.analysis(Self.images("a", 3, from: 0), .folderPerClass)
    #expect(one.warnings == ["there is a single class, 'a': a classifier needs at least two"])
    let two = try Self.analysis(
      Self.images("a", 3, from: 0) + Self.images("b", 3, from: 9), .folderPerClass)
    #expect(two.split == nil && two.trainingMeasures == nil)
    #expect(two.warnings == ["there is no split yet: make one with 'balance split'"])
  }
}
