import BalanceCore
import BalanceDatasets

/// What `balance split` prints.
struct SplitText {
  private(set) var text = ""

  init(_ report: SplitReport) {
    let images = NumberText.grouped(report.images)
    text += "split '\(Printable.line(report.name))' of \(images) images"
    if report.joinedUnits > 0 {
      text += " in \(NumberText.grouped(report.units)) groups"
    }
    if report.keepsTest { text += ", the dataset's own test images kept" }
    text += "\n  seed \(report.seed)   hash \(report.hash)\n\n"
    /// Kept images have no share that was asked for.
    func share(_ role: SplitRole, _ value: Double) -> String {
      role == .test && report.keepsTest ? "kept" : NumberText.percent(value)
    }
    var table = TextTable(
      ["class", "images", "groups"] + SplitRole.allCases.flatMap { [$0.rawValue, ""] })
    for row in report.classes {
      table.add(
        [
          row.name, NumberText.grouped(row.images), NumberText.grouped(row.units),
        ]
          + SplitRole.allCases.flatMap { role in
            row.part(role).map {
              [NumberText.grouped($0.images), share(role, $0.share)]
            } ?? ["", ""]
          })
    }
    let asked = SplitRole.allCases.flatMap { role in
      ["", report.classes.first?.part(role).map { share(role, $0.asked) } ?? ""]
    }
    table.add(["asked", "", ""] + asked)
    text += table.text
    let worst = NumberText.fixed(report.worstDeviation, digits: 1)
    text += "\n  furthest from what was asked: \(worst) points\n"
    for row in report.classes {
      guard let reason = row.reason else { continue }
      text += TextTable.wrapped(
        "'\(row.name)' could not be met: \(reason)", indent: 2, first: "! ")
    }
  }
}
