import BalanceCommands
import Synchronization
import Testing

@Suite struct TerminalProgressTests {
  /// A clock that is set by hand, and what was written.
  private final class Bench: Sendable {
    let clock = Mutex(0.0)
    let text = Mutex("")

    func progress(_ style: TerminalProgress.Style) -> TerminalProgress {
      TerminalProgress(
        style: style, write: { new in self.text.withLock { $0 += new } },
        now: { self.clock.withLock { $0 } })
    }

    func wait(_ seconds: Double) { clock.withLock { $0 += seconds } }
    var written: String { text.withLock { $0 } }
  }

  @Test func terminalLineHasRateAndTimeLeft() {
    let bench = Bench()
    let progress = bench.progress(.terminal(columns: 100))
    progress.begin("Training", total: 2900, unit: "steps")
    bench.wait(20)
    progress.advance(by: 1000)
    let last = bench.written.split(separator: "\u{1B}[K").last
    #expect(last == "Training  34 %  1,000 of 2,900 steps  50/s  0:38 left")
  }

  @Test func terminalLineIsNotDrawnTooOftenAndNeverTooLong() {
    let bench = Bench()
    let progress = bench.progress(.terminal(columns: 20))
    progress.begin("Reading many files", total: nil, unit: "files")
    for _ in 0..<1000 {
      bench.wait(0.001)
      progress.advance(by: 1)
    }
    let lines = bench.written.split(separator: "\r\u{1B}[K")
    #expect((8...12).contains(lines.count))
    #expect(lines.allSatisfy { $0.count < 20 })
  }

  @Test func plainLinesAreSparse() {
    let bench = Bench()
    let progress = bench.progress(.plain)
    progress.begin("Indexing", total: 60_000, unit: "files")
    for _ in 0..<60 {
      bench.wait(0.5)
      progress.advance(by: 1000)
    }
    progress.end()
    let lines = bench.written.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.first == "Indexing  33 %  20,000 of 60,000 files  2,000/s  0:20 left")
    #expect(lines.last == "Indexing: 60,000 files in 0:30 (2,000/s)")
  }

  @Test func workWithinWorkReturnsToTheOuterOne() {
    let bench = Bench()
    let progress = bench.progress(.terminal(columns: 100))
    progress.begin("Runs", total: 10, unit: "runs")
    progress.begin("Cache", total: 5, unit: "images")
    progress.advance(by: 5)
    progress.end()
    bench.wait(1)
    progress.advance(by: 4)
    #expect(bench.written.hasSuffix("Runs  40 %  4 of 10 runs  4.0/s  0:02 left"))
  }

  @Test func quietSaysNothing() {
    let bench = Bench()
    let progress = bench.progress(.silent)
    progress.begin("Training", total: 10, unit: "steps")
    bench.wait(60)
    progress.advance(by: 10)
    progress.note("a note")
    progress.end()
    #expect(bench.written.isEmpty)
  }
}
