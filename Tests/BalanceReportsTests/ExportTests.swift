import BalanceComparisonFixtures
import BalanceComparisons
import BalanceCore
import BalanceReports
import Foundation
import Testing

@Suite("Markdown, CSV and files")
struct ExportTests {
  /// Names that a spreadsheet would run, or a terminal obey, as the report's CSV has them.
  private static let guarded = [
    "=HYPERLINK(\"http://x\")": "'=HYPERLINK(\"http://x\")",
    "@\u{1B}[31m\u{202E}\u{200B}": "'@\\u{1B}[31m\\u{202E}\\u{200B}",
    "a|b`*_c\nd, e": "a|b`*_c\\nd, e",
  ]

  @Test("the CSV holds every arm's summary, bands and classes, to the last digit, and no formula")
  func csv() throws {
    let comparison = try Samples.hostile.comparison(ComparisonOptions(draws: 100))
    let rows = Self.parse(ReportWriter.csv(comparison))
    let head = rows[0]
    #expect(rows.allSatisfy { $0.count == head.count })
    let k = comparison.data.testCounts.classCount
    #expect(rows.count == 1 + comparison.arms.count * (5 + comparison.bands.count + 2 * k))
    func value(_ row: [String], _ column: String) throws -> String {
      row[try #require(head.firstIndex(of: column))]
    }
    for arm in comparison.arms {
      let own = try rows.dropFirst().filter { try value($0, "arm") == arm.name }
      let macro = try #require(own.first { try value($0, "metric") == "macro_f1" })
      #expect(Double(try value(macro, "mean")) == arm.macroF1.mean)
      #expect(Double(try value(macro, "lower")) == arm.macroF1.interval.lower)
      #expect(Double(try value(macro, "difference")) == arm.difference?.macroF1.mean)
      for (c, name) in comparison.data.testCounts.names.enumerated() {
        let shown = Self.guarded[name] ?? name
        let f1 = try #require(
          own.first { try value($0, "item") == shown && value($0, "metric") == "f1" })
        #expect(Double(try value(f1, "mean")) == arm.classes[c].f1.mean)
        #expect(
          Double(try value(f1, "difference_upper"))
            == arm.difference?.classes[c].f1.interval.upper)
        #expect(
          Int(try value(f1, "training_images")) == comparison.data.trainingCounts.counts[c])
      }
    }
  }

  @Test("Markdown escapes what would mean something, and its tables are whole")
  func markdown() throws {
    let comparison = try Samples.hostile.comparison(ComparisonOptions(draws: 100))
    let text = ReportWriter.markdown(comparison, title: "a | b <i>")
    #expect(text.hasPrefix("# a \\| b &lt;i&gt;\n"))
    #expect(!text.contains("<script>"))
    #expect(text.contains("a\\|b\\`\\*\\_c\\\\nd, e"))
    #expect(text.contains("| \\=HYPERLINK(\"http\\://x\")"))
    #expect(text.contains("| @\\\\u{1B}\\[31m\\\\u{202E}"))
    #expect(!text.unicodeScalars.contains { ["\u{1B}", "\u{202E}", "\u{200B}"].contains($0) })
    var columns: Int?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      let count = line.replacingOccurrences(of: "\\|", with: "").count { $0 == "|" }
      #expect(columns == nil || columns == count, "\(line)")
      columns = count
    }
    #expect(text.contains(comparison.gap.accuracyName))
  }

  @Test("a place that cannot be written is named, and nothing is left there")
  func unwritable() throws {
    let comparison = try Samples.hostile.comparison(ComparisonOptions(draws: 20))
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data().write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let error = #expect(throws: BalanceError.self) {
      try ReportWriter.write(
        comparison, title: "x", to: file.appendingPathComponent("inside"))
    }
    #expect(error?.code == .cannotCreate)
    #expect(error?.description.contains(file.path) == true)
  }

  /// RFC 4180.
  static func parse(_ text: String) -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      let last = rows.count - 1
      let field = rows[last].count - 1
      if isQuoted {
        if scalar == "\"" {
          if index + 1 < scalars.count, scalars[index + 1] == "\"" {
            rows[last][field].unicodeScalars.append("\"")
            index += 1
          } else {
            isQuoted = false
          }
        } else {
          rows[last][field].unicodeScalars.append(scalar)
        }
      } else if scalar == "\"" {
        isQuoted = true
      } else if scalar == "," {
        rows[last].append("")
      } else if scalar == "\n" {
        rows.append([""])
      } else {
        rows[last][field].unicodeScalars.append(scalar)
      }
      index += 1
    }
    return rows.dropLast()
  }
}
