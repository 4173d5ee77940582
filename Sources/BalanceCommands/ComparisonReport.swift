import BalanceComparisons
import BalanceCore
import BalanceExperiments
import BalanceReports
import BalanceTraining
import Foundation

/// Writes the report of an experiment and says on standard output what came out and where it is.
enum ComparisonReport {
  /// Refuses a folder in which somebody else's files have the names of the report's.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate`.
  static func refuseForeignFiles(in folder: URL) throws(BalanceError) {
    // A run's folder is refused as such.
    let isRun = RunFolder.isRun(folder) || RunFolder.isUnfinished(folder)
    guard !isRun, let name = ReportWriter.foreignFile(in: folder) else { return }
    throw BalanceError(
      .cannotCreate, "holds a \(name), which no comparison has written", at: folder.path,
      remedy: "choose another --out, or move the file")
  }

  static func write(_ result: Experiment.Result, title: String, to folder: URL) throws {
    let comparison = result.comparison
    // Until then the folder is kept.
    let files = try withExtendedLifetime(result) {
      try ReportWriter.write(comparison, title: title, to: folder)
    }
    try StandardOutput.writeLine(text(comparison))
    if let html = files.first {
      try StandardOutput.writeLine("report: \(Printable.line(html.relativePath))")
    }
  }

  /// The verdict, and one line an arm.
  private static func text(_ comparison: Comparison) -> String {
    let accuracy = comparison.data.testSharesDiffer ? "accuracy *" : "accuracy"
    var table = TextTable(["remedy", "macro F1", "over seeds", accuracy], widest: 44)
    for arm in comparison.arms {
      let scores = arm.seeds.map(\.macroF1)
      table.add([
        arm.name, fixed(arm.macroF1.mean),
        "\(fixed(scores.min() ?? .nan))–\(fixed(scores.max() ?? .nan))",
        fixed(comparison.headlineAccuracy(arm).mean),
      ])
    }
    var text = "\n" + TextTable.wrapped(comparison.verdict, indent: 0)
    text += "\n" + table.text
    if comparison.data.testSharesDiffer {
      text += "  * at the data's own class frequencies\n"
    }
    for alert in comparison.alerts where alert.level != .note {
      text += "\(alert.level.rawValue): \(Printable.line(alert.title))\n"
    }
    return text
  }

  private static func fixed(_ value: Double) -> String { NumberText.fixed(value) }
}
