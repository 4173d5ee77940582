import BalanceAnalysis
import BalanceCore
import BalanceDatasets
import Foundation

/// What `balance analyze` prints, at most 80 columns wide.
struct AnalysisText {
  private(set) var text = ""
  private let analysis: DatasetAnalysis
  private let bars: BarStyle
  private static let columns = 80
  /// Classes shown at either end where there are more than twice as many.
  private static let shownClasses = 20

  /// With bars as standard output can show them.
  static func text(_ analysis: DatasetAnalysis) -> String {
    AnalysisText(analysis, bars: .ofStandardOutput).text
  }

  init(_ analysis: DatasetAnalysis, bars: BarStyle) {
    self.analysis = analysis
    self.bars = bars
    head()
    classes()
    measures()
    split()
    duplicates()
    // Doubts about the whole dataset are among the warnings.
    text += ProblemList.text(analysis.problems.filter { !$0.kind.isOfDataset }, limit: 5)
    warnings()
  }

  private mutating func head() {
    let name = Printable.line(analysis.root.lastPathPart)
    var parts = [NumberText.counted(analysis.counts.total, "image")]
    let classes = analysis.counts.classCount
    parts.append(NumberText.counted(classes, "class", "classes"))
    if let groups = analysis.groups { parts.append(NumberText.counted(groups.count, "group")) }
    text += "\(name): \(parts.joined(separator: ", "))\n"
    if let source = analysis.source { text += "  source  \(Printable.line(source.summary))\n" }
    text += IndexText.ignored(analysis.ignored)
    text += "  index   \(Printable.line(analysis.index))\n"
  }

  /// Largest first; the bar of the largest class fills the line.
  private mutating func classes() {
    let counts = analysis.counts
    guard counts.total > 0 else { return }
    var table = TextTable(["class", "images", "share"])
    let order = Self.ends(counts)
    for label in order.shown {
      table.add([
        counts.names[label], NumberText.grouped(counts.counts[label]),
        NumberText.percent(counts.priors[label]),
      ])
    }
    let largest = Double(counts.counts[order.shown[0]])
    let lines = table.lines
    let width = lines.map(TextTable.width).max() ?? 0
    text += "\n\(lines[0])\n"
    for (row, label) in order.shown.enumerated() {
      let line = lines[1 + row]
      let pad = String(repeating: " ", count: width - TextTable.width(line) + 2)
      let bar = bars.bar(Double(counts.counts[label]) / largest, columns: Self.columns - width - 2)
      text += line + (bar.isEmpty ? "" : pad + bar) + "\n"
      if row + 1 == Self.shownClasses { text += gap(order.hidden) }
    }
  }

  /// A line that stands for the classes between the largest and the smallest.
  private func gap(_ hidden: ArraySlice<Int>) -> String {
    guard let first = hidden.first, let last = hidden.last else { return "" }
    let counts = analysis.counts.counts
    let most = NumberText.counted(counts[first], "image")
    return counts[first] == counts[last]
      ? "  … \(hidden.count) classes of \(most); --json lists all\n"
      : "  … \(hidden.count) classes of \(NumberText.grouped(counts[last])) to \(most); "
        + "--json lists all\n"
  }

  private mutating func measures() {
    let all = analysis.measures
    guard all.images > 0 else { return }
    let training = analysis.trainingMeasures.flatMap { $0.images > 0 ? $0 : nil }
    func row(
      _ name: String, _ places: Int, _ note: String, _ value: KeyPath<ImbalanceMeasures, Double>
    )
      -> [String]
    {
      [name]
        + [all, training].compactMap { $0 }.map {
          NumberText.fixed($0[keyPath: value], digits: places)
        }
        + [note]
    }
    let ends = training ?? all
    let between =
      ends.imbalanceRatio == 1
      ? ends.classes - ends.emptyClasses > 1 ? "all classes have as many" : "a single class"
      : [ends.largestClass, ends.smallestClass].compactMap { $0 }
        .map { TextTable.cut(Printable.line($0), to: 14) }.joined(separator: " : ")
    let rows = [
      row("imbalance ratio", 1, between, \.imbalanceRatio),
      row("effective classes", 2, "exp H, of \(all.classes)", \.effectiveClasses),
      row("inverse Simpson", 2, "1 / Σπ², of \(all.classes)", \.inverseSimpson),
      row("entropy H", 3, "nats", \.entropy),
      row("normalized entropy", 3, "H / ln K, 1 = balanced", \.normalizedEntropy),
      row("Gini-Simpson", 3, "1 − Σπ²", \.giniSimpson),
      row("Gini coefficient", 3, "0 = balanced", \.giniCoefficient),
    ]
    let header = ["measure", "all"] + (training == nil ? [] : ["train"])
    var table = TextTable(header)
    for row in rows { table.add(Array(row.dropLast())) }
    let width = table.lines.map(TextTable.width).max() ?? 0
    text += "\n\(table.lines[0])\n"
    for (line, row) in zip(table.lines.dropFirst(), rows) {
      let pad = String(repeating: " ", count: width - TextTable.width(line) + 2)
      text += line + pad + (row.last ?? "") + "\n"
    }
  }

  private mutating func split() {
    guard let split = analysis.split else { return }
    text += "\nsplit '\(Printable.line(split.name))', \(Self.origin(of: split)), "
    text += "hash \(split.hash.prefix(12))\n"
    var table = TextTable(["class"] + SplitRole.allCases.flatMap { [$0.rawValue, ""] })
    let parts = SplitRole.allCases.compactMap { split.counts($0) }
    let names = analysis.counts.names
    func row(_ name: String, _ counts: [Int], _ total: Int) -> [String] {
      [name]
        + counts.flatMap {
          [
            NumberText.grouped($0),
            total > 0 ? NumberText.percent(Double($0) / Double(total)) : "–",
          ]
        }
    }
    let order = Self.ends(analysis.counts)
    for label in order.shown {
      let counts = parts.map { $0.counts[label] }
      table.add(row(names[label], counts, counts.reduce(0, +)))
    }
    let totals = parts.map(\.total)
    table.add(row("all", totals, totals.reduce(0, +)))
    let most = parts.flatMap(\.counts).max() ?? 0
    var lines = bars(
      table.lines,
      order.shown.map { label in parts.map { Double($0.counts[label]) / Double(max(1, most)) } })
    if !order.hidden.isEmpty { lines.insert(gap(order.hidden), at: 1 + Self.shownClasses) }
    text += lines.joined()
    if let groups = analysis.groups {
      text += "  groups in more than one role: \(groups.acrossRoles.count)\n"
    }
    text += "  pictures in more than one role: \(analysis.duplicates.acrossRoles.count)\n"
  }

  /// Lines of a table with a small bar for each role at the end, all of one scale.
  private func bars(_ lines: [String], _ shares: [[Double]]) -> [String] {
    let width = lines.map(TextTable.width).max() ?? 0
    let columns = (Self.columns - width - 2) / SplitRole.allCases.count - 1
    guard columns >= 3 else { return lines.map { $0 + "\n" } }
    func padded(_ cells: [String], after line: String) -> String {
      var line = line + String(repeating: " ", count: width - TextTable.width(line) + 2)
      for cell in cells {
        line += cell + String(repeating: " ", count: columns + 1 - TextTable.width(cell))
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    let titles = SplitRole.allCases.map { String($0.rawValue.prefix(columns)) }
    return [padded(titles, after: lines[0])]
      + zip(lines.dropFirst(), shares).map { line, shares in
        padded(shares.map { bars.bar($0, columns: columns) }, after: line)
      } + lines.dropFirst(1 + shares.count).map { $0 + "\n" }
  }

  private mutating func duplicates() {
    let found = analysis.duplicates
    guard found.sets > 0 else { return }
    let images = NumberText.grouped(found.images)
    text += "\n"
    text += TextTable.wrapped(
      "\(images) files show the same as another (\(NumberText.counted(found.sets, "set")) of equal "
        + "pictures, \(found.conflicting.count) of them labelled as different classes); --json "
        + "lists them", indent: 2)
  }

  private mutating func warnings() {
    guard !analysis.warnings.isEmpty else { return }
    text += "\n"
    for warning in analysis.warnings {
      text += TextTable.wrapped(warning, indent: 2, first: "! ")
    }
  }

  static func origin(of split: SplitRecord) -> String {
    switch split.origin {
    case .folders: "the dataset's own folders"
    case .column: "the table's own column"
    case .generated:
      "seed \(split.seed ?? 0)" + (split.keepsTest ? ", the dataset's own test images kept" : "")
    }
  }

  /// Labels by falling count, and by name where equal; of many the largest and the smallest are
  /// shown.
  private static func ends(_ counts: ClassCounts) -> (shown: [Int], hidden: ArraySlice<Int>) {
    let order = counts.counts.indices.sorted {
      (-counts.counts[$0], $0) < (-counts.counts[$1], $1)
    }
    guard order.count > 2 * shownClasses else { return (order, []) }
    return (
      order.prefix(shownClasses) + order.suffix(shownClasses),
      order[shownClasses..<order.count - shownClasses]
    )
  }
}
