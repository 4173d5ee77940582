import BalanceCore
import BalanceMetrics
import BalanceMonitoring
import BalanceTraining
import Foundation
import Synchronization
import Testing

@Suite struct EventLogTests {
  /// Lines written, by a clock that goes on 0.4 seconds at each look.
  private final class Bench: Sendable {
    let text = Mutex("")
    let clock = Mutex(1_800_000_000.0)

    var lines: JSONLines {
      JSONLines(
        { new in self.text.withLock { $0 += new } },
        now: {
          self.clock.withLock {
            $0 += 0.4
            return Date(timeIntervalSince1970: $0)
          }
        })
    }

    func objects() throws -> [[String: Any]] {
      try text.withLock { $0 }.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
    }
  }

  @Test("a line for each event, with figures as they are")
  func lines() throws {
    let bench = Bench()
    let folder = URL(fileURLWithPath: "/runs/a")
    let log = EventLog(Made.description(folder, settings: ["lr": "0.1"]), bench.lines)
    let evaluation = Made.evaluation(found: 2)
    for event in [
      Made.began(epochs: 2, steps: 20, from: 10), .note("two\nlines"), Made.epochBegan(1),
      Made.step(10, epoch: 1, loss: 4), Made.step(11, epoch: 1, loss: 2),
      Made.epochEnded(1, loss: 1.5, validation: evaluation),
      try Made.stopped(after: 12, of: 20), .runEnded(.init(steps: 20, seconds: 3)),
    ] { try log.observe(event) }
    let objects = try bench.objects()
    #expect(
      objects.compactMap { $0["event"] as? String } == [
        "runBegan", "note", "epochBegan", "steps", "epochEnded", "stopped", "runEnded",
      ])
    #expect(objects[0]["time"] as? String == "2027-01-15T08:00:00.800Z")
    #expect(
      objects[0]["settings"] as? [String: String] == [
        "dataset": "animals", "model": "cnn", "strategy": "none", "lr": "0.1",
      ])
    #expect(objects[0]["stepsDone"] as? Int == 10)
    #expect((objects[0]["classes"] as? [[String: Any]])?[1]["trainingImages"] as? Int == 50)
    #expect(objects[1]["text"] as? String == "two\nlines")
    #expect(objects[3]["loss"] as? Double == 3 && objects[3]["epoch"] as? Int == 2)
    #expect(objects[3]["step"] as? Int == 12)
    let validation = try #require(objects[4]["validation"] as? [String: Any])
    #expect(validation["macroF1"] as? Double == evaluation.macro.f1)
    #expect((validation["classes"] as? [[String: Any]])?[2]["f1"] as? Double == 0)
    #expect(objects[5]["isResumable"] as? Bool == true && objects[5]["step"] as? Int == 12)
  }

  @Test("an error has its parts; what a terminal would obey is escaped")
  func errors() throws {
    let bench = Bench()
    let place = "a\u{202E}b\u{9B}31m\u{1B}[2J"
    try bench.lines.write(BalanceError(.data, "is damaged", at: place))
    let raw = bench.text.withLock { $0 }
    #expect(!raw.unicodeScalars.contains { ["\u{202E}", "\u{9B}", "\u{1B}"].contains($0) })
    let object = try #require(try bench.objects().first)
    #expect(object["event"] as? String == "error" && object["code"] as? Int == 65)
    #expect(object["message"] as? String == "is damaged" && object["place"] as? String == place)
    #expect(object["remedy"] == nil)
  }

  @Test("undefined figures keep a line valid")
  func undefined() throws {
    let bench = Bench()
    let log = EventLog(Made.description(URL(fileURLWithPath: "/runs/a")), bench.lines)
    try log.observe(Made.epochEnded(0, loss: .nan))
    #expect(try bench.objects().first?["trainingLoss"] as? String == "nan")
  }

  @Test("other work says when it begins and how much was done at its end")
  func work() throws {
    let bench = Bench()
    let progress = JSONProgress(bench.lines)
    progress.begin("Indexing", total: nil, unit: "files")
    progress.advance(by: 3)
    progress.advance(by: 4)
    progress.note("warning: a warning")
    progress.end()
    let objects = try bench.objects()
    #expect(objects.compactMap { $0["event"] as? String } == ["workBegan", "warning", "workEnded"])
    #expect(objects[1]["text"] as? String == "a warning")
    #expect(objects[0]["total"] == nil && objects[2]["done"] as? Int == 7)
  }
}
