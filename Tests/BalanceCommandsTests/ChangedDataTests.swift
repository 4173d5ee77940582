import BalanceCore
import BalanceMetrics
import Foundation
import Testing

/// Results are used again on the data that they were made from only.
@Suite struct ChangedDataTests {
  /// Bright and dark pictures named by a table with a split column; `relabel` exchanges the labels
  /// of the test images.
  private struct Dataset {
    let folder: URL
    var table: URL { folder.appendingPathComponent("data/labels.csv") }

    init(in folder: URL) throws {
      self.folder = folder
      try writePictures(["a", "b"], count: 20, in: folder)
      try FileManager.default.moveItem(
        at: folder.appendingPathComponent("photos"), to: folder.appendingPathComponent("data"))
      try write { _ in true }
    }

    func files(_ name: String) throws -> [String] {
      let place = folder.appendingPathComponent("data/\(name)")
      return try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
    }

    static func role(_ number: Int) -> String {
      ["train", "train", "train", "val", "test"][number % 5]
    }

    /// - Parameter isRight: whether images of a role have their true labels.
    func write(_ isRight: (String) -> Bool) throws {
      try write(role: Self.role, isRight)
    }

    func write(role: (Int) -> String, _ isRight: (String) -> Bool) throws {
      var text = "file,label,split\n"
      for (own, other) in [("a", "b"), ("b", "a")] {
        for (number, file) in try files(own).enumerated() {
          let role = role(number)
          text += "\(own)/\(file),\(isRight(role) ? own : other),\(role)\n"
        }
      }
      try Data(text.utf8).write(to: table)
    }

    static let options = [
      "--csv", "labels.csv", "--image-column", "file", "--label-column", "label",
      "--split-column", "split",
    ]
    static let training = ["--epochs", "3", "--threads", "1"]

    func compare() throws -> BalanceBinary.Result {
      try BalanceBinary.run(
        ["compare", "data", "--out", "result", "--strategies", "none", "--seeds", "0"]
          + Self.options + Self.training, in: folder)
    }
  }

  private func withDataset(_ body: (Dataset) throws -> Void) throws {
    try withTemporaryFolder { folder in try body(Dataset(in: folder)) }
  }

  private func accuracies(_ folder: URL) throws -> [Double] {
    let runs = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix("predictions.csv") }
    return try runs.map { path in
      let url = folder.appendingPathComponent(path)
      let table = try PredictionTable(csv: Data(contentsOf: url), path: path)
      return Evaluation(table, trainingCounts: nil).accuracy
    }
  }

  @Test func compareTrainsAgainWhereLabelsHaveChanged() throws {
    try withDataset { data in
      try data.write { $0 != "test" }
      #expect(try data.compare().code == 0)
      let result = data.folder.appendingPathComponent("result")
      let wrong = try accuracies(result)
      try data.write { _ in true }
      let again = try data.compare()
      #expect(again.code == 0, "\(again.error)")
      #expect(again.error.contains("1 run is trained again, since the data have changed"))
      #expect(again.error.contains("8 images have other labels (such as 'a/"), "\(again.error)")
      #expect(again.error.contains("'a' instead of 'b'"))
      let right = try accuracies(result)
      #expect(right.count == 1 && abs(right[0] - (1 - wrong[0])) < 1e-12)
      // Nothing has changed since.
      #expect(try data.compare().error.contains("1 of 1 runs are done already"))
    }
  }

  @Test func compareTrainsAgainWhereFilesOrGroupsHaveChanged() throws {
    try withDataset { data in
      #expect(try data.compare().code == 0)
      let first = try data.folder.appendingPathComponent("data/a/\(data.files("a")[0])")
      let other = try data.folder.appendingPathComponent("data/b/\(data.files("b")[0])")
      // The same picture in other bytes would do as well.
      try (Data(contentsOf: other) + Data("more".utf8)).write(to: first)
      let again = try data.compare()
      #expect(again.error.contains("1 file has other contents ('a/"), "\(again.error)")
      #expect(!again.error.contains("done already"))
    }
  }

  @Test func compareTrainsAgainWhereImagesChangeTheirPart() throws {
    try withDataset { data in
      #expect(try data.compare().code == 0)
      try data.write(role: { Dataset.role($0 + 1) }) { _ in true }
      let again = try data.compare()
      #expect(again.code == 0 && !again.error.contains("done already"), "\(again.error)")
      #expect(
        again.error.contains("1 other run is in result/runs, of other settings or another"))
    }
  }

  @Test func evaluateAndAdjustRefuseChangedLabels() throws {
    try withDataset { data in
      let trained = try BalanceBinary.run(
        ["train", "data", "--out", "run"] + Dataset.options + Dataset.training, in: data.folder)
      #expect(trained.code == 0, "\(trained.error)")
      let same = try BalanceBinary.run("evaluate", "run", "--dataset", "data", in: data.folder)
      #expect(same.code == 0, "\(same.error)")
      try data.write { $0 != "test" }
      for arguments in [
        ["evaluate", "run", "--dataset", "data"],
        ["adjust", "run", "--post-hoc", "temperature", "--out", "adjusted"],
      ] {
        let result = try BalanceBinary.run(arguments, in: data.folder)
        #expect(result.code == 65 && result.out.isEmpty, "\(result.out)")
        #expect(result.error.contains("8 images have other labels"), "\(result.error)")
      }
      // Asked for, it is done, and said.
      let asked = try BalanceBinary.run(
        "evaluate", "run", "--dataset", "data", "--role", "test", in: data.folder)
      #expect(asked.code == 0, "\(asked.error)")
      #expect(asked.error.contains("other images than the run's own test images"))
    }
  }

  @Test func aRunIsEvaluatedOnAnotherDataset() throws {
    try withDataset { data in
      let trained = try BalanceBinary.run(
        ["train", "data", "--out", "run"] + Dataset.options + Dataset.training, in: data.folder)
      #expect(trained.code == 0, "\(trained.error)")
      // Only class b, in a folder of another order, and images that the run was trained on.
      let fresh = data.folder.appendingPathComponent("fresh")
      try FileManager.default.createDirectory(at: fresh, withIntermediateDirectories: false)
      for (name, source) in [("b", "b"), ("zebra", "a")] {
        try FileManager.default.copyItem(
          at: data.folder.appendingPathComponent("data/\(source)"),
          to: fresh.appendingPathComponent(name))
      }
      let unknown = try BalanceBinary.run(
        "evaluate", "run", "--dataset", "fresh", "--split", "all", in: data.folder)
      #expect(unknown.code == 65 && unknown.out.isEmpty)
      #expect(
        unknown.error.contains("classes that the run does not know: 'zebra' (20 images)"),
        "\(unknown.error)")
      try FileManager.default.removeItem(at: fresh.appendingPathComponent("zebra"))
      let result = try BalanceBinary.run(
        "evaluate", "run", "--dataset", "fresh", "--split", "all", in: data.folder)
      #expect(result.code == 0, "\(result.error)")
      #expect(result.error.contains("all images of the dataset, 20 images"), "\(result.error)")
      #expect(result.error.contains("trained on 12 of these 20 images"), "\(result.error)")
      #expect(result.out.contains("of 20 images"))
      let named = try BalanceBinary.run(
        "evaluate", "run", "--dataset", "fresh", "--split", "tset", in: data.folder)
      #expect(named.code == 64, "\(named.error)")
    }
  }
}
