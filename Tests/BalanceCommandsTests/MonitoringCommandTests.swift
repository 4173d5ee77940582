import Foundation
import Testing

/// What a training leaves for those who watch it, and the commands that look at runs.
@Suite struct MonitoringCommandTests {
  private func train(_ out: String, _ more: String..., in folder: URL) throws
    -> BalanceBinary.Result
  {
    try BalanceBinary.run(
      ["train", "photos", "--out", out, "--epochs", "2", "--batch-size", "8", "--threads", "1"]
        + more, in: folder)
  }

  private func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map {
      try #require(
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
    }
  }

  @Test func jsonLogIsJSONFromTheFirstLineToTheLast() throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      let result = try train("runs/a", "--log-format", "json", "--tensorboard", in: folder)
      #expect(result.code == 0, "\(result.error)")
      let objects = try objects(result.error)
      let events = objects.compactMap { $0["event"] as? String }
      #expect(events.filter { $0 == "epochEnded" }.count == 2)
      #expect(events.last == "result")
      let began = try #require(objects.first { $0["event"] as? String == "runBegan" })
      #expect((began["settings"] as? [String: String])?["batch-size"] == "8")
      #expect((began["splitHash"] as? String)?.isEmpty == false)
      let epoch = try #require(objects.last { $0["event"] as? String == "epochEnded" })
      let validation = try #require(epoch["validation"] as? [String: Any])
      let row = try #require(
        String(contentsOf: folder.appendingPathComponent("runs/a/history.csv"), encoding: .utf8)
          .split(separator: "\n").last
      ).split(separator: ",")
      // As text: the reader of this test rounds.
      #expect(result.error.contains("\"trainingLoss\":\(row[2]),"))
      #expect(validation["macroF1"] as? Double == Double(row[6]))
      let files = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("runs/a").path)
      #expect(files.contains { $0.hasPrefix("events.out.tfevents.") })
      #expect(files.contains("report.html") && files.contains("validation-f1.csv"))
      let page = try String(
        contentsOf: folder.appendingPathComponent("runs/a/report.html"), encoding: .utf8)
      #expect(page.contains(">Finished</h2>") && !page.contains("http-equiv=\"refresh\""))

      let again = try train("runs/a", "--log-format", "json", in: folder)
      #expect(again.code == 73)
      let error = try #require(try self.objects(again.error).last)
      #expect(error["event"] as? String == "error" && error["code"] as? Int == 73)
      #expect((error["remedy"] as? String)?.contains("--force") == true)
    }
  }

  @Test func plainOutputHasALineForEveryEpoch() throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      let result = try train("runs/a", in: folder)
      #expect(result.code == 0, "\(result.error)")
      #expect(result.errorLines.filter { $0.hasPrefix("epoch ") }.count == 2, "\(result.error)")
      #expect(result.errorLines.contains { $0.contains(", worst: ") })
      let unknown = try train("runs/b", "--log-format", "jsn", in: folder)
      #expect(unknown.code == 64 && unknown.error.contains("did you mean 'json'?"))
    }
  }

  @Test func runsOfAComparisonAreWatchedToo() throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      let result = try BalanceBinary.run(
        [
          "compare", "photos", "--strategies", "none,oversample", "--seeds", "0", "--epochs", "1",
          "--batch-size", "8", "--threads", "1", "--out", "all", "--log-format", "json",
          "--tensorboard",
        ], in: folder)
      #expect(result.code == 0, "\(result.error)")
      let events = try objects(result.error).compactMap { $0["event"] as? String }
      #expect(events.filter { $0 == "runBegan" }.count == 2)
      #expect(events.filter { $0 == "result" }.count == 2)
      let runs = folder.appendingPathComponent("all/runs")
      let names = try FileManager.default.contentsOfDirectory(atPath: runs.path)
      #expect(names.count == 2)
      for name in names {
        let run = runs.appendingPathComponent(name)
        let page = try String(
          contentsOf: run.appendingPathComponent("report.html"), encoding: .utf8)
        #expect(page.contains(">Finished</h2>"))
        let files = try FileManager.default.contentsOfDirectory(atPath: run.path)
        #expect(files.filter { $0.hasPrefix("events.out.tfevents.") }.count == 1)
      }
    }
  }

  @Test func runsAndDiff() throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      for (name, more) in [("one", "none"), ("two", "oversample")] {
        let result = try train("runs/\(name)", "--strategy", more, in: folder)
        try #require(result.code == 0, "\(result.error)")
      }
      try FileManager.default.copyItem(
        at: folder.appendingPathComponent("runs/one"),
        to: folder.appendingPathComponent("runs/deep-down"))
      try Data("{".utf8).write(to: folder.appendingPathComponent("runs/deep-down/record.json"))

      let runs = try BalanceBinary.run("runs", "--sort", "strategy", in: folder)
      #expect(runs.code == 0, "\(runs.error)")
      let lines = runs.out.split(separator: "\n")
      #expect(lines.count == 5, "\(runs.out)")
      #expect(lines[1].contains("runs/one") && lines[1].contains("finished"))
      #expect(lines[2].contains("runs/two") && lines[2].contains("oversample"))
      #expect(lines[3].contains("runs/deep-down") && lines[3].contains("damaged"))
      #expect(lines[4].contains("record.json is damaged"))
      let json = try BalanceBinary.run("runs", "runs/one", "--json", in: folder)
      let list = try #require(
        try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]])
      #expect(list.count == 1 && list[0]["epochsDone"] as? Int == 2)

      let diff = try BalanceBinary.run("diff", "runs/one", "runs/two", in: folder)
      #expect(diff.code == 0, "\(diff.error)")
      #expect(diff.out.contains("strategy"))
      #expect(diff.out.contains("oversample"))
      #expect(!diff.out.contains("batch-size") && !diff.out.contains("processor"))
      #expect(diff.out.contains("macro F1"))
      let same = try BalanceBinary.run("diff", "runs/one", "runs/one", in: folder)
      #expect(same.code == 0)
      #expect(same.out.contains("The runs differ in no setting and no fingerprint."))

      let typo = try BalanceBinary.run("diff", "runs/one", "runs/tow", in: folder)
      #expect(typo.code == 66 && typo.error.contains("did you mean 'two'?"), "\(typo.error)")
      let column = try BalanceBinary.run("runs", "--sort", "macrof1", in: folder)
      #expect(column.code == 64 && column.error.contains("did you mean 'macro-f1'?"))
      let nowhere = try BalanceBinary.run("runs", "nowhere", in: folder)
      #expect(nowhere.code == 66 && nowhere.error.contains("nowhere: there is no such folder"))
    }
  }
}
