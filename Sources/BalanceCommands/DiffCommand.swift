import ArgumentParser
import BalanceCore
import BalanceMonitoring
import Foundation

/// `balance diff`
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Name every setting and fingerprint in which two runs differ.",
    discussion: """
      Settings, the loss's fingerprint, the split, the classes, what computed the convolutions, the \
      machine and its versions, and beside them what came out. Runs that are not finished have no \
      figures. The exit code is 0 whether they differ or not.

      EXAMPLES:
        balance diff runs/plain runs/focal
        balance diff runs/plain runs/focal --json
      """)

  @Argument(
    help: ArgumentHelp("The folder of a run.", valueName: "run"), completion: .directory)
  var first: String

  @Argument(
    help: ArgumentHelp("The folder of another run.", valueName: "other run"),
    completion: .directory)
  var second: String

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    let difference = try RunDifference(
      URL(fileURLWithPath: first), URL(fileURLWithPath: second))
    if json {
      try StandardOutput.write(json: difference)
    } else {
      try StandardOutput.write(Self.text(difference))
    }
  }

  static func text(_ difference: RunDifference) -> String {
    let names = difference.runs.map(Printable.line)
    var text = "first:  \(names[0])\nsecond: \(names[1])\n"
    if difference.isEmpty {
      text += "\nThe runs differ in no setting and no fingerprint.\n"
    }
    let groups = [
      ("settings", difference.settings), ("fingerprints", difference.fingerprints),
      ("machine", difference.machine),
    ]
    for (title, items) in groups where !items.isEmpty { text += section(title, items) }
    guard !difference.results.isEmpty else { return text }
    var table = TextTable(["results", "first", "second", "change"], widest: 44)
    for figure in difference.results { table.add(row(figure)) }
    return text + "\n" + table.text
  }

  /// What is longer is written out below the table: a cut text could hide the difference.
  private static let widestCell = 30
  private static let mostRows = 40

  private static func section(_ title: String, _ items: [RunDifference.Item]) -> String {
    func isShort(_ item: RunDifference.Item) -> Bool {
      [item.first, item.second].allSatisfy {
        TextTable.width(Printable.line($0 ?? "")) <= widestCell
      }
    }
    var table = TextTable([title, "first", "second"], widest: 60)
    let short = items.filter(isShort)
    for item in short.prefix(mostRows) {
      table.add([item.name, item.first ?? "–", item.second ?? "–"])
    }
    var text = "\n" + (short.isEmpty ? "  \(title)\n" : table.text)
    if short.count > mostRows {
      text += "  … and \(short.count - mostRows) more; --json has all\n"
    }
    for item in items where !isShort(item) {
      text += "  \(Printable.line(item.name))\n"
      for (side, value) in [("first: ", item.first), ("second:", item.second)] {
        text += "    \(side) \(Printable.line(value ?? "–"))\n"
      }
    }
    return text
  }

  private static func row(_ figure: RunDifference.Figure) -> [String] {
    let places = ["optimizer steps", "images drawn"].contains(figure.name) ? 0 : 4
    func fixed(_ value: Double?) -> String {
      guard let value, value.isFinite else { return "–" }
      return places == 0
        ? NumberText.grouped(Int(saturating: value)) : NumberText.fixed(value, digits: places)
    }
    var change = ""
    if let first = figure.first, let second = figure.second, first != second {
      let size = fixed(abs(second - first))
      change = (second > first ? "+" : "\u{2212}") + size
    }
    return [figure.name, fixed(figure.first), fixed(figure.second), change]
  }
}
