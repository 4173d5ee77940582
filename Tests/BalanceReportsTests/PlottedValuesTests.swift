import BalanceComparisonFixtures
import BalanceComparisons
import BalanceCore
import BalanceReports
import Foundation
import Testing

/// What is drawn is read back from the page and held against the comparison.
@Suite("Plotted values")
struct PlottedValuesTests {
  private static let names = ["digits", "two", "composite", "one-seed", "hostile"]

  private static func sample(_ name: String) throws -> (Comparison, Page) {
    let runs = try #require(Samples.all.first { $0.name == name }?.runs)
    let comparison = try runs.comparison(ComparisonOptions(draws: 200))
    return (comparison, Page(try ReportWriter.html(comparison, title: name)))
  }

  @Test("the gap line shows accuracy and macro F1 of the baseline", arguments: names)
  func gap(name: String) throws {
    let (comparison, page) = try Self.sample(name)
    let line = try #require(page.all("gapline").first)
    #expect(line.number("data-accuracy") == comparison.gap.accuracy.mean)
    #expect(line.number("data-f1") == comparison.gap.macroF1.mean)
    let f1 = try #require(page.all("f1dot").first?.percent("left"))
    let accuracy = try #require(page.all("accdot").first?.percent("left"))
    let axis = try Self.axis(page, of: "tick", "left", after: "gapline", divisor: 1)
    #expect(abs(axis(comparison.gap.macroF1.mean) - f1) < 0.05)
    #expect(abs(axis(comparison.gap.accuracy.mean) - accuracy) < 0.05)
  }

  @Test("rings and crosses are where the axes say", arguments: names)
  func tradeOff(name: String) throws {
    let (comparison, page) = try Self.sample(name)
    let x = try Self.axis(page, of: "gx", "left", after: "tradeoff", divisor: 100)
    let y = try Self.axis(page, of: "gy", "bottom", after: "tradeoff", divisor: 1)
    let rings = page.all("ring")
    let horizontal = page.all("ch")
    let vertical = page.all("cv")
    #expect(rings.count == comparison.arms.count)
    for (index, arm) in comparison.arms.enumerated() {
      let accuracy = comparison.headlineAccuracy(arm)
      #expect(rings[index].number("data-accuracy") == accuracy.mean)
      #expect(rings[index].number("data-f1") == arm.macroF1.mean)
      let place = try #require(comparison.ranking.order.firstIndex(of: index))
      #expect(rings[index].number("data-arm") == Double(place + 1))
      #expect(abs(try #require(rings[index].percent("left")) - x(accuracy.mean)) < 0.1)
      #expect(abs(try #require(rings[index].percent("bottom")) - y(arm.macroF1.mean)) < 0.1)
      let left = try #require(horizontal[index].percent("left"))
      let width = try #require(horizontal[index].percent("width"))
      #expect(abs(left - x(accuracy.interval.lower)) < 0.1)
      #expect(abs(left + width - x(accuracy.interval.upper)) < 0.1)
      let bottom = try #require(vertical[index].percent("bottom"))
      let height = try #require(vertical[index].percent("height"))
      #expect(abs(bottom - y(arm.macroF1.interval.lower)) < 0.1)
      #expect(abs(bottom + height - y(arm.macroF1.interval.upper)) < 0.1)
    }
    #expect(page.all("seed").count == comparison.runs.count)
  }

  @Test("marks of differences are where their scale says", arguments: names)
  func intervals(name: String) throws {
    let (comparison, page) = try Self.sample(name)
    var expected: [Difference] = []
    for difference in comparison.arms.compactMap(\.difference) {
      expected.append(difference.macroF1)
      expected += difference.bands
      expected += difference.classes.map(\.f1)
    }
    var marks = 0
    for (index, entry) in page.tags.enumerated() where entry.tag["data-scale"] != nil {
      let mark = entry.tag
      let scale = try #require(mark.number("data-scale"))
      let mean = try #require(mark.number("data-mean"))
      let lower = try #require(mark.number("data-lower"))
      let upper = try #require(mark.number("data-upper"))
      #expect(expected.contains { $0.mean == mean && $0.interval.lower == lower })
      #expect(max(abs(lower), abs(upper)) <= scale + 1e-9)
      let (bar, dot) = (page.tags[index + 1].tag, page.tags[index + 2].tag)
      #expect(abs(try #require(dot.percent("left")) - (50 + 50 * mean / scale)) < 0.02)
      let left = try #require(bar.percent("left"))
      let width = try #require(bar.percent("width"))
      #expect(abs(left - (50 + 50 * lower / scale)) < 0.02)
      #expect(abs(left + width - (50 + 50 * upper / scale)) < 0.03)
      marks += 1
    }
    #expect(marks == expected.count)
  }

  @Test("dumbbells show both F1 of each class on 0 to 1", arguments: names)
  func dumbbells(name: String) throws {
    let (comparison, page) = try Self.sample(name)
    let focus = try #require(comparison.focus)
    let arm = comparison.arms[focus]
    let reference = comparison.arms[try #require(arm.difference).reference]
    let rows = page.tags.indices.filter {
      page.tags[$0].tag.name == "tr" && page.tags[$0].tag["data-plain"] != nil
    }
    for row in rows.prefix(arm.classes.count) {
      let tag = page.tags[row].tag
      let c = Int(try #require(tag.number("data-class")))
      #expect(tag.number("data-plain") == reference.classes[c].f1.mean)
      #expect(tag.number("data-f1") == arm.classes[c].f1.mean)
      #expect((0...1).contains(arm.classes[c].f1.mean))
      #expect(
        page.tags[row + 1].text.hasPrefix(Printable.text(comparison.data.testCounts.names[c])))
      let marks = page.tags[row..<row + 9].map(\.tag)
      let open = try #require(marks.first { $0.classes == ["o"] }?.percent("left"))
      let dot = try #require(marks.first { $0.classes.first == "dot" }?.percent("left"))
      #expect(abs(open - 100 * reference.classes[c].f1.mean) < 0.01)
      #expect(abs(dot - 100 * arm.classes[c].f1.mean) < 0.01)
    }
    #expect(rows.count >= arm.classes.count)
  }

  @Test("the class chart shows F1 by training images", arguments: ["digits", "composite"])
  func classPlot(name: String) throws {
    let (comparison, page) = try Self.sample(name)
    let arm = comparison.arms[try #require(comparison.focus)]
    let y = try Self.axis(page, of: "gy", "bottom", after: "classplot", divisor: 1)
    let filled = page.all("fill").filter { $0["data-class"] != nil }
    let open = page.all("open")
    #expect(filled.count == arm.classes.count && open.count == filled.count)
    var last = -1.0
    let order = filled.indices.sorted {
      comparison.data.trainingCounts.counts[$0] < comparison.data.trainingCounts.counts[$1]
    }
    for c in order {
      #expect(filled[c].number("data-f1") == arm.classes[c].f1.mean)
      #expect(abs(try #require(filled[c].percent("bottom")) - y(arm.classes[c].f1.mean)) < 0.1)
      let plain = comparison.arms[0].classes[c].f1.mean
      #expect(abs(try #require(open[c].percent("bottom")) - y(plain)) < 0.1)
      let x = try #require(filled[c].percent("left"))
      #expect(x >= last)
      last = x
    }
  }

  @Test("a hundred classes show changes, one dot a class")
  func manyClasses() throws {
    let (comparison, page) = try Self.sample("hundred")
    let focus = try #require(comparison.focus)
    let difference = try #require(comparison.arms[focus].difference)
    let dots = page.all("fill").filter { $0["data-change"] != nil }
    #expect(dots.count == 100)
    for (c, dot) in dots.enumerated() {
      #expect(dot.number("data-change") == difference.classes[c].f1.mean)
    }
  }

  @Test("confusion bars show the change of the row's rate")
  func confusions() throws {
    let (comparison, page) = try Self.sample("digits")
    let focus = try #require(comparison.focus)
    let changes = try #require(comparison.arms[focus].difference).confusions
    let rates = page.tags.compactMap { $0.tag.number("data-rate") }
    #expect(rates == changes.prefix(rates.count).map(\.rateChange))
    #expect(!rates.isEmpty)
  }

  /// The straight line through the first and last labelled ticks of a plot.
  private static func axis(
    _ page: Page, of kind: String, _ property: String, after plot: String, divisor: Double
  ) throws -> (Double) -> Double {
    let start = try #require(page.tags.firstIndex { $0.tag.classes.contains(plot) })
    var ticks: [(value: Double, position: Double)] = []
    for index in start + 1..<page.tags.count {
      let tag = page.tags[index].tag
      if tag.name == "figure" || tag.name == "section" { break }
      guard tag.classes.contains(kind), let position = tag.percent(property) else { continue }
      // A tick's own text, or that of the element inside it.
      let own = page.tags[index].text.filter { !$0.isWhitespace }
      let label = own.isEmpty ? page.tags[index + 1].text : own
      let digits = label.filter { "0123456789.−".contains($0) }
      let value = try #require(Double(digits.replacingOccurrences(of: "−", with: "-")), "\(label)")
      ticks.append((value / divisor, position))
    }
    let first = try #require(ticks.first)
    let last = try #require(ticks.last)
    try #require(last.value > first.value)
    let slope = (last.position - first.position) / (last.value - first.value)
    return { first.position + slope * ($0 - first.value) }
  }
}
