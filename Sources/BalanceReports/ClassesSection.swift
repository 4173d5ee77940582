import BalanceComparisons
import BalanceCore

/// Per-class F1: the chart by training images, the focus remedy's table, the others folded.
struct ClassesSection {
  /// Rows of folded tables; beyond, the CSV has them.
  static let foldedRows = 600

  let hasFocus: Bool
  let focusName: String
  let why: String
  let plot: ClassPlot
  let table: [ClassTable]
  let others: [Folded]
  let areOmitted: Bool
  let extremes: [Extremes]

  struct Folded {
    let number: Int
    let name: String
    let table: ClassTable
  }

  /// For many classes, the largest changes among those that can be judged.
  struct Extremes {
    let gains: [String]
    let losses: [String]
    let hasGains: Bool
    let hasLosses: Bool
  }

  init(_ comparison: Comparison, numbers: [Int]) {
    let focus = comparison.focus
    hasFocus = focus != nil
    focusName = focus.map { comparison.arms[$0].name } ?? ""
    why = Self.why(comparison)
    let reference = focus.flatMap { comparison.arms[$0].difference?.reference }
    plot = ClassPlot(
      comparison, arm: focus ?? comparison.baseline, reference: reference ?? comparison.baseline)
    func table(_ index: Int) -> ClassTable? {
      comparison.arms[index].difference.map {
        ClassTable(comparison, arm: index, difference: $0, id: "classes-\(numbers[index])")
      }
    }
    self.table = focus.flatMap(table).map { [$0] } ?? []
    let rest = comparison.ranking.order.filter {
      $0 != focus && comparison.arms[$0].difference != nil
    }
    areOmitted = rest.count * comparison.data.testCounts.classCount > Self.foldedRows
    others =
      areOmitted
      ? []
      : rest.compactMap { index in
        table(index).map {
          Folded(number: numbers[index], name: comparison.arms[index].name, table: $0)
        }
      }
    extremes =
      comparison.data.testCounts.classCount > ClassPlot.pairedLimit
      ? focus.flatMap { Self.extremes(comparison, arm: $0) }.map { [$0] } ?? [] : []
  }

  private static func why(_ comparison: Comparison) -> String {
    guard let focus = comparison.focus else {
      return "There is no remedy to set beside the baseline."
    }
    let name = comparison.arms[focus].name
    let first =
      comparison.ranking.winner == focus
      ? "\(name) was chosen on validation"
      : "\(name) is highest among the remedies"
    return first.prefix(1).uppercased() + first.dropFirst() + " and is shown here."
  }

  private static func extremes(_ comparison: Comparison, arm: Int) -> Extremes? {
    guard let difference = comparison.arms[arm].difference else { return nil }
    let counts = comparison.data.trainingCounts
    let judged = difference.classes.indices.filter {
      difference.classes[$0].f1.verdict != .notJudged
    }
    func list(_ sign: Double) -> [String] {
      judged.filter { sign * difference.classes[$0].f1.mean > 0 }
        .sorted { sign * difference.classes[$0].f1.mean > sign * difference.classes[$1].f1.mean }
        .prefix(15).map { c in
          let f1 = difference.classes[c].f1
          return "\(counts.names[c]) (\(Figures.counted(counts.counts[c], "training image"))): "
            + "\(Figures.signed(f1.mean)), \(f1.words)"
        }
    }
    let (gains, losses) = (list(1), list(-1))
    return Extremes(
      gains: gains, losses: losses, hasGains: !gains.isEmpty, hasLosses: !losses.isEmpty)
  }

  static let template = """
    <section aria-labelledby="classes-h"><h2 id="classes-h">Which classes: F1 by training \
    images</h2><p>{{why}}</p>
    {{#plot}}{{>classPlot}}{{/plot}}
    {{#extremes}}<div class="two">{{#hasGains}}<div><h3>Largest rises among judged classes</h3>\
    <ol>{{#gains}}<li>{{.}}</li>{{/gains}}</ol></div>{{/hasGains}}{{#hasLosses}}<div>\
    <h3>Largest falls among judged classes</h3><ol>{{#losses}}<li>{{.}}</li>{{/losses}}</ol></div>\
    {{/hasLosses}}</div>{{/extremes}}
    {{#table}}{{>classTable}}{{/table}}
    {{#others}}<details><summary>{{number}} {{name}}: the same table</summary>{{#table}}\
    {{>classTable}}{{/table}}</details>{{/others}}
    {{#areOmitted}}<p class="note">The same tables of the other remedies would make this file \
    heavy; they are in report.csv.</p>{{/areOmitted}}</section>
    """
}
