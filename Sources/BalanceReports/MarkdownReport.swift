import BalanceComparisons
import BalanceCore

/// The main tables for a README or an issue.
struct MarkdownReport {
  private let comparison: Comparison
  private let title: String

  init(_ comparison: Comparison, title: String) {
    self.comparison = comparison
    self.title = title
  }

  var text: String {
    var parts = ["# \(MarkdownText.escaped(title))", HTMLReport.summary(comparison)]
    parts += comparison.alerts.filter { $0.level != .note }.map {
      "> **\(AlertsSection.word($0.level)): \(MarkdownText.escaped($0.title)).** \(MarkdownText.escaped($0.detail))"
    }
    parts += [gap, MarkdownText.escaped(comparison.verdict), strategies]
    if let bands { parts.append(bands) }
    if let classes { parts.append(classes) }
    let notes = comparison.alerts.filter { $0.level == .note }
    if !notes.isEmpty {
      parts.append(
        notes.map { "- **\(MarkdownText.escaped($0.title)).** \(MarkdownText.escaped($0.detail))" }
          .joined(separator: "\n"))
    }
    parts.append(method)
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var coverage: String { Figures.percent(comparison.options.coverage, digits: 0) }

  private var gap: String {
    let gap = comparison.gap
    let arm = comparison.arms[comparison.baseline]
    return
      "**\(MarkdownText.escaped(arm.name)): \(gap.accuracyName) \(Figures.percent(gap.accuracy.mean)), "
      + "macro F1 \(Figures.fixed(gap.macroF1.mean)), "
      + "\(Figures.fixed(100 * gap.difference, digits: 1)) points apart.**"
  }

  private var strategies: String {
    let accuracyName = comparison.gap.accuracyName
    let rows = comparison.ranking.order.enumerated().map { place, index in
      let arm = comparison.arms[index]
      let accuracy = comparison.headlineAccuracy(arm)
      let badge = StrategiesTable.badge(comparison, index)
      return [
        "\(place + 1)", arm.name + (badge.isEmpty ? "" : " (\(badge))"),
        Figures.percent(accuracy.mean),
        Figures.fixed(arm.macroF1.mean),
        arm.difference.map { change($0.macroF1) } ?? "",
        comparison.headlineAccuracyDifference(arm).map(DifferenceText.points) ?? "",
        arm.difference.map { DifferenceText.words($0.macroF1) } ?? "",
      ]
    }
    return "## Strategies\n\n"
      + Self.table(
        [
          "No.", "Remedy", accuracyName, "macro F1", "change in macro F1 (\(coverage) interval)",
          "change in accuracy (\(coverage) interval)", "verdict",
        ], rows)
  }

  private var bands: String? {
    guard !comparison.bands.isEmpty, comparison.focus != nil else { return nil }
    let rows = comparison.ranking.order.compactMap { index -> [String]? in
      guard let difference = comparison.arms[index].difference else { return nil }
      return [comparison.arms[index].name]
        + difference.bands.map { "\(change($0)), \(DifferenceText.words($0))" }
    }
    return "## Mean F1 by training images: change (\(coverage) interval)\n\n"
      + Self.table(["Remedy"] + comparison.bands.map { "\($0.name): \($0.rule)" }, rows)
  }

  private var classes: String? {
    guard let focus = comparison.focus, let difference = comparison.arms[focus].difference else {
      return nil
    }
    let arm = comparison.arms[focus]
    let reference = comparison.arms[difference.reference]
    let training = comparison.data.trainingCounts
    let order = training.counts.indices.sorted {
      (-training.counts[$0], training.names[$0]) < (-training.counts[$1], training.names[$1])
    }
    let rows = order.map { c in
      [
        training.names[c], Figures.count(training.counts[c]),
        Figures.count(comparison.data.testCounts.counts[c]),
        Figures.fixed(reference.classes[c].f1.mean), Figures.fixed(arm.classes[c].f1.mean),
        change(difference.classes[c].f1), DifferenceText.words(difference.classes[c].f1),
      ]
    }
    return "## F1 of each class\n\n"
      + Self.table(
        [
          "class", "training images", "test images", reference.name, arm.name,
          "change (\(coverage) interval)", "verdict",
        ], rows)
  }

  private var method: String {
    "Intervals cover \(coverage) of \(Figures.count(comparison.options.draws)) paired bootstrap "
      + "draws over \(MarkdownText.escaped(comparison.intervalBasis)). "
      + "\(MarkdownText.escaped(comparison.baselineReason)) The whole comparison "
      + "is in report.json, one row an arm, item and metric in report.csv."
  }

  private func change(_ difference: Difference) -> String {
    "\(Figures.signed(difference.mean)) (\(DifferenceText.range(difference.interval)))"
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    let lines =
      [head.map(MarkdownText.escaped), head.map { _ in "---" }]
      + rows.map { $0.map(MarkdownText.escaped) }
    return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}
