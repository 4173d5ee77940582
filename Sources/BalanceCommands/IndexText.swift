import BalanceCore
import Datasets
import Foundation

/// What `balance index` prints.
struct IndexText {
  private(set) var text = ""
  /// Kinds of problems shown before the rest is only counted.
  private static let shown = 10

  init(
    _ summary: IndexSummary, _ source: DatasetSource, _ problems: [ProblemRecord],
    _ wideValues: WideValues?, location: URL
  ) {
    let count = { (number: Int) in TextTable.grouped(number) }
    let images = summary.images == 1 ? "1 image" : "\(count(summary.images)) images"
    let classes = summary.classes == 1 ? "1 class" : "\(count(summary.classes)) classes"
    var parts = ["\(count(summary.read)) files read", "\(count(summary.unchanged)) unchanged"]
    if summary.removed > 0 { parts.append("\(count(summary.removed)) gone") }
    if summary.ignored > 0 { parts.append("\(count(summary.ignored)) not images") }
    let seconds = String((10 * summary.seconds).rounded() / 10)
    text += "\(images) in \(classes)\n"
    text += "  source  \(Printable.line(source.summary))\n"
    text += "  files   \(parts.joined(separator: ", ")) (\(seconds) s)\n"
    text += "  index   \(Printable.line(location.path))\n"
    text += ProblemList.text(problems, limit: Self.shown)
    if let wideValues, wideValues.isNarrow {
      text += "\n" + TextTable.wrapped("warning: \(wideValues.warning)", indent: 0)
    }
  }
}
