import Foundation
import Testing

/// An arm that diverges is named, and the others go on.
@Suite struct DivergedRunTests {
  private static let manifest = """
    name: small
    data: {root: digits}
    training: {epochs: 3, batch-size: 64, threads: 1, schedule: constant}
    arms:
      - {strategy: none}
      - {strategy: weighted}
      - {lr: 1000, weight-decay: 1000}
      - {lr: 1000, weight-decay: 1000, post-hoc: logit-adjustment}
    seeds: [0]
    """

  @Test func theOthersGoOnAndItIsNotTriedAgain() throws {
    try withTemporaryFolder { folder in
      let demo = try BalanceBinary.run(["demo", "--to", ".", "--data-only"], in: folder)
      try #require(demo.code == 0, "\(demo.error)")
      try Data(Self.manifest.utf8).write(to: folder.appendingPathComponent("small.yaml"))
      let arguments = ["compare", "small.yaml", "--out", "result"]
      let first = try BalanceBinary.run(arguments, in: folder)
      #expect(first.code == 0, "\(first.error)")
      #expect(first.error.contains(" diverged: the "), "\(first.error)")
      #expect(first.out.contains("warning: 2\u{A0}runs diverged"))
      for name in ["report.html", "report.md", "report.csv", "report.json"] {
        let text = try String(
          contentsOf: folder.appendingPathComponent("result/\(name)"), encoding: .utf8)
        #expect(text.contains("diverged"), "\(name)")
      }
      let again = try BalanceBinary.run(arguments, in: folder)
      #expect(again.code == 0 && again.error.contains("4 of 4 runs are done already"))
      #expect(again.out == first.out)

      let list = try BalanceBinary.run(["runs", "result"], in: folder)
      #expect(list.code == 0 && list.out.components(separatedBy: "  diverged").count > 2)
      let runs = folder.appendingPathComponent("result/runs")
      let name = try #require(
        FileManager.default.contentsOfDirectory(atPath: runs.path).first {
          $0.contains("logit-adjustment")
        })
      for command in ["evaluate", "export"] {
        let result = try BalanceBinary.run(
          [command, "result/runs/\(name)"] + (command == "export" ? ["--out", "x.onnx"] : []),
          in: folder)
        #expect(result.code == 65, "\(result.error)")
        #expect(result.error.contains("diverged, and has neither weights nor predictions"))
      }
    }
  }

  /// Every loss is finite, and the answers are not.
  @Test func answersThatAreNoNumbersEndARun() throws {
    try withTemporaryFolder { folder in
      let demo = try BalanceBinary.run(["demo", "--to", ".", "--data-only"], in: folder)
      try #require(demo.code == 0, "\(demo.error)")
      let result = try BalanceBinary.run(
        [
          "train", "digits", "--out", "run", "--model", "resnet20", "--epochs", "1", "--threads",
          "1", "--lr", "1000",
        ], in: folder)
      #expect(result.code == 65, "\(result.error)")
      #expect(result.error.contains("the network's answers became not a number"))
      #expect(result.error.contains("try a smaller --lr"), "\(result.error)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("run").path))
    }
  }
}
