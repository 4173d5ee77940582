import BalanceCore
import BalanceDatasets
import Foundation

/// What `balance index` prints.
struct IndexText {
  private(set) var text = ""
  /// Kinds of problems shown before the rest is only counted.
  private static let shown = 10

  /// - Parameter isKept: whether the command left the source to the index, or to what is found.
  init(
    _ summary: IndexSummary, _ source: DatasetSource, isKept: Bool, _ problems: [ProblemRecord],
    ignored: [IgnoredFiles], _ wideValues: WideValues?, location: URL
  ) {
    let count = { (number: Int) in NumberText.grouped(number) }
    let images = NumberText.counted(summary.images, "image")
    let classes = NumberText.counted(summary.classes, "class", "classes")
    var parts = ["\(count(summary.read)) files read", "\(count(summary.unchanged)) unchanged"]
    if summary.removed > 0 { parts.append("\(count(summary.removed)) gone") }
    let seconds = String((10 * summary.seconds).rounded() / 10)
    text += "\(images) in \(classes)\n"
    text += "  source  \(Printable.line(source.summary))\n"
    if isKept, source.isChosen {
      text += "          kept in the index; --detect finds out again how the dataset is read\n"
    }
    text += "  files   \(parts.joined(separator: ", ")) (\(seconds) s)\n"
    text += Self.ignored(ignored)
    text += "  index   \(Printable.line(location.path))\n"
    text += ProblemList.text(problems, limit: Self.shown)
    if let wideValues, wideValues.isNarrow {
      text += "\n" + TextTable.wrapped("warning: \(wideValues.warning)", indent: 0)
    }
  }

  /// What is no image, by category.
  static func ignored(_ files: [IgnoredFiles]) -> String {
    guard !files.isEmpty else { return "" }
    let list = files.map { "\(NumberText.grouped($0.count)) \($0.category)" }
    return TextTable.wrapped(list.joined(separator: ", "), indent: 10, first: "  ignored ")
  }
}
