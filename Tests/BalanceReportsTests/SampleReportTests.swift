import BalanceComparisonFixtures
import BalanceComparisons
import BalanceCore
import BalanceReports
import Foundation
import Testing

/// Comparisons of every shape that a report has to carry.
enum Samples {
  static let all: [(name: String, runs: SyntheticRuns)] = [
    ("digits", digits),
    ("two", .longTail(classes: 2, maximum: 900, ratio: 30, test: 100, seeds: 5)),
    ("hundred", .longTail(classes: 100, maximum: 500, ratio: 100, test: 20, seeds: 3)),
    ("composite", .composite),
    ("one-seed", .longTail(classes: 10, maximum: 145, ratio: 50, test: 45, seeds: 1)),
    ("hostile", hostile),
  ]

  static let digits = SyntheticRuns.longTail(
    classes: 10, maximum: 145, ratio: 50, test: 45, seeds: 5)

  /// Names that would break a page, a table or a formula if they were not escaped.
  static let hostile = SyntheticRuns(
    classNames: [
      "<script>alert(1)</script>", "a&b\"", "\"\u{301} onmouseover='alert(2)'", "a|b`*_c\nd, e",
      "=HYPERLINK(\"http://x\")", "@\u{1B}[31m\u{202E}\u{200B}",
    ], trainingCounts: [300, 120, 40, 9, 20, 20], testCounts: [30, 30, 30, 9, 9, 9], seeds: [0, 1],
    remedies: Array(SyntheticRuns.sevenArms.prefix(3)))
}

@Suite("Sample reports")
struct SampleReportTests {
  /// Set `BALANCE_SAMPLES` to a folder to keep the samples and look at them.
  @Test("every sample is written whole", arguments: Samples.all.map(\.name))
  func write(name: String) throws {
    let runs = try #require(Samples.all.first { $0.name == name }?.runs)
    let kept = ProcessInfo.processInfo.environment["BALANCE_SAMPLES"]
    let root =
      kept.map { URL(fileURLWithPath: $0) }
      ?? FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { if kept == nil { try? FileManager.default.removeItem(at: root) } }
    let folder = root.appendingPathComponent(name)
    let comparison = try runs.comparison()
    let files = try ReportWriter.write(comparison, title: "Sample: \(name)", to: folder)
    #expect(
      files.map(\.lastPathComponent)
        == ["report.html", "report.md", "report.csv", "report.json"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 4)
    let html = try String(contentsOf: files[0], encoding: .utf8)
    #expect(html.utf8.count < 1_000_000)
    #expect(html.hasSuffix("</html>\n"))
    let json = try CanonicalJSON.decode(Comparison.self, from: Data(contentsOf: files[3]))
    #expect(json == comparison)
  }
}
