import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A comparison from manifest to report, interrupted and gone on with.
@Suite struct ComparisonRunTests {
  private static let manifest = """
    name: small
    data: {root: "${DATA}"}
    training: {epochs: 2, batch-size: 64, threads: 1}
    strategies: [none, weighted]
    losses: [cross-entropy]
    seeds: [0, 1]
    """

  private func withDigits(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let demo = try BalanceBinary.run(["demo", "--to", ".", "--data-only"], in: folder)
      try #require(demo.code == 0, "\(demo.error)")
      try Data(Self.manifest.utf8).write(to: folder.appendingPathComponent("small.yaml"))
      try body(folder)
    }
  }

  @Test func reportIsWrittenAndRunsAreNotRepeated() throws {
    try withDigits { folder in
      let arguments = ["compare", "small.yaml", "--data", "digits", "--out", "result"]
      let first = try BalanceBinary.run(arguments, in: folder)
      #expect(first.code == 0, "\(first.error)")
      #expect(first.out.contains("plain cross-entropy"))
      #expect(first.out.hasSuffix("report: result/report.html\n"))
      let result = folder.appendingPathComponent("result")
      let files = try FileManager.default.contentsOfDirectory(atPath: result.path).sorted()
      #expect(files == ["report.csv", "report.html", "report.json", "report.md", "runs"])
      let runs = result.appendingPathComponent("runs")
      let names = try FileManager.default.contentsOfDirectory(atPath: runs.path).sorted()
      #expect(names.count == 4)

      // One run is lost; only that one is done again, and to the same bytes.
      let lost = runs.appendingPathComponent(names[0])
      let weights = lost.appendingPathComponent("weights.safetensors")
      let before = try Data(contentsOf: weights)
      try FileManager.default.removeItem(at: lost)
      let second = try BalanceBinary.run(arguments, in: folder)
      #expect(second.code == 0)
      #expect(second.error.contains("3 of 4 runs are done already"))
      #expect(try Data(contentsOf: weights) == before)
      #expect(
        second.out.split(separator: "\n").last == first.out.split(separator: "\n").last)
    }
  }

  @Test func interruptionSavesTheRun() throws {
    try withDigits { folder in
      let process = BalanceBinary.process(
        ["train", "digits", "--epochs", "100000", "--out", "runs/long"], in: folder)
      let output = Pipe()
      process.standardError = output
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let run = folder.appendingPathComponent("runs/long")
      // It has begun when an epoch is over, however long that takes here.
      let history = run.appendingPathComponent("history.csv")
      while process.isRunning, !FileManager.default.fileExists(atPath: history.path) {
        usleep(20_000)
      }
      process.interrupt()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 130)
      let last = try #require(text.split(separator: "\n").last)
      #expect(last.hasPrefix("balance: stopped after step "))
      #expect(last.contains("the run is saved. Go on with: balance train --resume "))
      let files = try FileManager.default.contentsOfDirectory(atPath: run.path)
      #expect(files.contains("checkpoint.safetensors"))
      #expect(!files.contains { $0.hasSuffix(".tmp") })
      let page = try String(contentsOf: run.appendingPathComponent("report.html"), encoding: .utf8)
      #expect(page.contains(">Stopped</h2>") && page.contains("balance train --resume "))
    }
  }
}
