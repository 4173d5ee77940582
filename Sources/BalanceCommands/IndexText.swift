import BalanceCore
import Datasets
import Foundation

/// What `balance index` prints.
struct IndexText {
  private(set) var text = ""
  /// Problems shown before the rest is only counted.
  private static let shown = 10

  init(
    _ summary: IndexSummary, _ source: DatasetSource, _ problems: [ProblemRecord], location: URL
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
    text += Self.problems(problems, limit: Self.shown)
  }

  /// The problems, those that cost an image first.
  static func problems(_ problems: [ProblemRecord], limit: Int) -> String {
    guard !problems.isEmpty else { return "" }
    let skipped = problems.filter(\.isSkipped)
    let odd = problems.filter { !$0.isSkipped }
    var text = "\n"
    for (list, title) in [(skipped, "left out"), (odd, "used, but odd")] where !list.isEmpty {
      text += "\(TextTable.grouped(list.count)) \(title):\n"
      for problem in list.prefix(limit) {
        text += "  \(Printable.line(problem.path)) (\(problem.kind.rawValue))\n"
        text += TextTable.wrapped(
          Printable.line("\(problem.message); \(problem.remedy)"), indent: 4)
      }
      if list.count > limit {
        text += "  and \(TextTable.grouped(list.count - limit)) more; --json lists all\n"
      }
    }
    return text
  }
}
