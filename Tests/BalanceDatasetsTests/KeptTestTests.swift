import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// Splits that keep the test images which the dataset brings.
@Suite struct KeptTestTests {
  private func folders(_ counts: [(String, Int)]) throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    var key = 1
    for (folder, count) in counts {
      for number in 0..<count {
        try data.addImage("\(folder)/\(number).png", key: key)
        key += 1
      }
    }
    return data
  }

  private static let whole = [
    ("train/cat", 40), ("train/dog", 20), ("test/cat", 10), ("test/dog", 6),
  ]

  @Test func validationIsTakenFromTheTrainingImagesAlone() throws {
    let data = try folders(Self.whole)
    let index = try data.index(.splitFolders).0
    let report = try index.makeSplit(SplitRequest(keepingTestAs: "keep-test", val: 0.25, seed: 0))
    #expect(report.keepsTest && report.images == 76)
    let test = try index.images(split: "keep-test", role: .test).map(\.path)
    #expect(try test == index.images(role: .test).map(\.path))
    let val = try index.images(split: "keep-test", role: .val)
    #expect(val.count == 15 && val.allSatisfy { $0.path.hasPrefix("train/") })
    #expect(val.count { $0.label == 0 } == 10)
    #expect(try index.counts(split: "keep-test", role: .train).total == 45)
    let record = try #require(try index.splits().first { $0.name == "keep-test" })
    #expect(record.keepsTest && record.strayed == 0 && record.hash == report.hash)
    let cat = try #require(report.classes.first?.part(.val))
    #expect(cat.images == 10 && cat.share == 0.25 && cat.asked == 0.25)
    // The same seed gives the same split, and it outlives an update.
    #expect(
      try index.makeSplit(SplitRequest(keepingTestAs: "again", val: 0.25, seed: 0)).hash
        == report.hash)
    #expect(try data.index(.splitFolders).0.images(split: "keep-test", role: .val) == val)
  }

  @Test func whatCannotBeKeptIsRefused() throws {
    func refusal(_ counts: [(String, Int)], _ source: DatasetSource) throws -> String {
      let index = try folders(counts).index(source).0
      return message {
        _ = try index.makeSplit(SplitRequest(keepingTestAs: "k", val: 0.2, seed: 0))
      }
    }
    #expect(
      try refusal([("cat", 9), ("dog", 9)], .folderPerClass).contains("no test images of its own"))
    #expect(
      try refusal(Self.whole + [("val/cat", 3)], .splitFolders)
        .contains("has validation images of its own (3)"))
    let index = try folders(Self.whole).index(.splitFolders).0
    #expect(
      message { _ = try index.makeSplit(SplitRequest(name: "all", val: 0.2, test: 0.2, seed: 0)) }
        .contains("'all' means every image"))
  }

  @Test func aTestSetThatChangedLaterIsFound() throws {
    let data = try TemporaryDataset()
    func write(_ role: (Int) -> String) throws -> DatasetIndex {
      var table = "file,kind,part\n"
      for number in 0..<40 {
        try data.addImage("\(number).png", key: number + 1)
        table += "\(number).png,\(number % 2 == 0 ? "a" : "b"),\(role(number))\n"
      }
      try data.write(table, "t.csv")
      return try data.index(
        .csv(
          CSVSource(
            file: "t.csv", imageColumn: "file", labelColumns: ["kind"], splitColumn: "part"))
      ).0
    }
    let index = try write { $0 < 30 ? "train" : "test" }
    _ = try index.makeSplit(SplitRequest(keepingTestAs: "keep-test", val: 0.2, seed: 0))
    let later = try write { $0 < 28 ? "train" : "test" }
    #expect(try later.splits().first { $0.name == "keep-test" }?.strayed == 2)
  }
}
