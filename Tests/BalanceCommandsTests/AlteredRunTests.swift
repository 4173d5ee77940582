import Foundation
import Testing

/// Nothing is made of a run's files that are not what the run wrote, and a run is not lost to what
/// is made of it.
@Suite struct AlteredRunTests {
  private func withRun(_ body: (_ folder: URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      let result = try BalanceBinary.run(
        ["train", "photos", "--out", "run", "--epochs", "1", "--threads", "1", "-q"], in: folder)
      try #require(result.code == 0, "\(result.error)")
      try body(folder)
    }
  }

  /// Changes a byte in the middle of a file's second half.
  private func damage(_ name: String, in folder: URL) throws {
    let place = folder.appendingPathComponent(name)
    var data = try Data(contentsOf: place)
    data[data.count * 3 / 4] ^= 0x40
    try data.write(to: place)
  }

  @Test(
    arguments: ["run", "./run/", "link"],
    [
      ["adjust", "run", "--post-hoc", "tau-norm"], ["train", "photos", "--init", "run"],
      ["train", "photos", "--init", "run/weights.safetensors"],
    ])
  func aRunIsNotReplacedByWhatIsMadeOfIt(out: String, words: [String]) throws {
    try withRun { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder.appendingPathComponent("link").path, withDestinationPath: "run")
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("run").path
      ).sorted()
      let result = try BalanceBinary.run(words + ["--out", out, "--force", "-q"], in: folder)
      #expect(result.code == 64, "\(result.error)")
      #expect(result.error.contains("is the run that the weights come from"), "\(result.error)")
      #expect(
        try FileManager.default.contentsOfDirectory(
          atPath: folder.appendingPathComponent("run").path
        ).sorted() == names)
    }
  }

  @Test(arguments: [
    ["adjust", "run", "--post-hoc", "tau-norm", "--out", "other"],
    ["train", "photos", "--init", "run", "--epochs", "1", "--out", "other"],
    ["lr-find", "photos", "--init", "run"],
    ["predict", "--model", "run", "photos"],
    ["export", "run", "--out", "w.safetensors"],
  ])
  func alteredWeightsAreRefused(words: [String]) throws {
    try withRun { folder in
      try damage("run/weights.safetensors", in: folder)
      let result = try BalanceBinary.run(words, in: folder)
      #expect(result.code == 65, "\(result.error)")
      #expect(result.error.contains("its checksum does not fit"), "\(result.error)")
      let other = folder.appendingPathComponent("other").path
      #expect(!FileManager.default.fileExists(atPath: other))
    }
  }

  /// Those of another run are whole, and no less wrong.
  @Test(arguments: [
    ["evaluate", "run", "--dataset", "photos"], ["predict", "--model", "run", "photos"],
    ["adjust", "run", "--post-hoc", "tau-norm", "--out", "third"],
  ])
  func weightsOfAnotherRunAreRefused(words: [String]) throws {
    try withRun { folder in
      let other = try BalanceBinary.run(
        [
          "train", "photos", "--out", "other", "--epochs", "1", "--threads", "1", "-q", "--seed",
          "1",
        ], in: folder)
      try #require(other.code == 0, "\(other.error)")
      let (mine, others) = ("run/weights.safetensors", "other/weights.safetensors")
      try Data(contentsOf: folder.appendingPathComponent(others))
        .write(to: folder.appendingPathComponent(mine))
      let result = try BalanceBinary.run(words, in: folder)
      #expect(result.code == 65, "\(result.error)")
      #expect(result.error.contains("its checksum does not fit"), "\(result.error)")
    }
  }

  @Test(arguments: [("predictions.csv", "evaluate"), ("model.json", "export")])
  func alteredResultsAreRefused(name: String, command: String) throws {
    try withRun { folder in
      // What is still read as the file that it was.
      let place = folder.appendingPathComponent("run/\(name)")
      var text = try String(contentsOf: place, encoding: .utf8)
      if name == "model.json" {
        text += "\n"
      } else {
        text = text.split(separator: "\n").dropLast().map { $0 + "\n" }.joined()
      }
      try Data(text.utf8).write(to: place)
      let more = command == "export" ? ["--out", "w.safetensors"] : []
      let result = try BalanceBinary.run([command, "run"] + more, in: folder)
      #expect(result.code == 65, "\(result.error)")
      #expect(result.error.contains("its checksum does not fit"), "\(result.error)")
    }
  }

  @Test(arguments: ["predictions.csv", "weights.safetensors", "evaluation.json"])
  func compareTrainsAgainWhatWasAltered(name: String) throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      func compare() throws -> BalanceBinary.Result {
        try BalanceBinary.run(
          "compare", "photos", "--out", "out", "--strategies", "none", "--seeds", "0", "--epochs",
          "1", "--threads", "1", in: folder)
      }
      try #require(try compare().code == 0)
      let runs = folder.appendingPathComponent("out/runs")
      let run = try #require(try FileManager.default.contentsOfDirectory(atPath: runs.path).first)
      let place = runs.appendingPathComponent("\(run)/\(name)")
      let before = try Data(contentsOf: place)
      // An empty file, and one that is read as a sound one.
      for content in [Data(), before.prefix(before.count / 2)] {
        try content.write(to: place)
        let again = try compare()
        #expect(again.code == 0, "\(again.error)")
        #expect(
          again.error.contains("1 run is trained again, since \(name) is not what the run wrote"),
          "\(again.error)")
        #expect(try Data(contentsOf: place) == before)
      }
      #expect(try compare().error.contains("1 of 1 runs are done already"))
    }
  }

  @Test func compareKeepsTheRunsOfADatasetThatHasMoved() throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      func compare(_ dataset: String) throws -> BalanceBinary.Result {
        try BalanceBinary.run(
          "compare", dataset, "--out", "out", "--strategies", "none", "--seeds", "0", "--epochs",
          "1", "--threads", "1", in: folder)
      }
      try #require(try compare("photos").code == 0)
      #expect(rename(folder.path + "/photos", folder.path + "/pictures") == 0)
      let again = try compare("pictures")
      #expect(again.code == 0 && again.error.contains("1 of 1 runs are done"), "\(again.error)")
    }
  }

  /// A folder of runs is not yet one of comparisons.
  @Test func aReportOfSomebodyElseIsLeftAlone() throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      let words = [
        "compare", "photos", "--out", "out", "--strategies", "none", "--seeds", "0", "--epochs",
        "1", "--threads", "1", "-q",
      ]
      let out = folder.appendingPathComponent("out")
      try FileManager.default.createDirectory(
        at: out.appendingPathComponent("runs"), withIntermediateDirectories: true)
      let notes = out.appendingPathComponent("report.md")
      try Data("my own notes".utf8).write(to: notes)
      let refused = try BalanceBinary.run(words, in: folder)
      #expect(refused.code == 73 && refused.error.contains("holds a report.md"), "\(refused.error)")
      #expect(try String(contentsOf: notes, encoding: .utf8) == "my own notes")
      try FileManager.default.removeItem(at: notes)
      #expect(try BalanceBinary.run(words, in: folder).code == 0)
      // One's own is written again, also where a part of it was removed.
      try FileManager.default.removeItem(at: notes)
      #expect(try BalanceBinary.run(words, in: folder).code == 0)
      #expect(FileManager.default.fileExists(atPath: notes.path))
    }
  }
}
