import BalanceComparisons
import BalanceCore

/// Which confusions changed, ranked, and the two matrices where they can be read.
struct ConfusionsSection {
  static let matrixLimit = 30
  static let listLimit = 15

  let hasFocus: Bool
  let hasChanges: Bool
  let focusName: String
  let minimum: Int
  let seeds: String
  let changes: [Change]
  let matrices: [Matrix]

  struct Change {
    let text: String
    let counts: String
    let rate: String
    let left: String
    let width: String
    let tone: String
    let sign: String
    let data: String
  }

  struct Matrix {
    let name: String
    let heads: [String]
    let rows: [MatrixRow]
    let decisions: String
  }

  struct MatrixRow {
    let name: String
    let cells: [MatrixCell]
  }

  struct MatrixCell {
    let text: String
    /// Share of the row, 0...1, which sets the depth of the colour.
    let share: String
    let kind: String
    let count: Int
  }

  init(_ comparison: Comparison) {
    let names = comparison.data.testCounts.names
    let focus = comparison.focus
    let difference = focus.flatMap { comparison.arms[$0].difference }
    hasFocus = difference != nil
    focusName = focus.map { comparison.arms[$0].name } ?? ""
    minimum = comparison.options.minimumTestImages
    seeds = Figures.counted(difference?.perSeed.count ?? 0, "seed")
    let limit = names.count > 100 ? ConfusionChange.limit : Self.listLimit
    let top = (difference?.confusions ?? []).prefix(limit)
    let scale = PlotAxis.roundUp(top.map { abs($0.rateChange) }.max() ?? 1, to: PlotAxis.fine)
    changes = top.map { change in
      let size = 50 * min(1, abs(change.rateChange) / scale)
      let isFewer = change.rateChange < 0
      return Change(
        text: "\(names[change.truth]) → \(names[change.predicted])",
        counts: "\(Figures.count(change.before)) → \(Figures.count(change.after)) of "
          + Figures.count(change.decisions),
        rate: "\(Figures.signed(100 * change.rateChange, digits: 1)) points",
        left: Markup.position(isFewer ? 50 - size : 50), width: Markup.position(size),
        tone: (isFewer ? Tone.gain : .loss).rawValue, sign: isFewer ? "▼ fewer" : "▲ more",
        data: Markup.number(change.rateChange))
    }
    hasChanges = !changes.isEmpty
    matrices =
      names.count > Self.matrixLimit
      ? []
      : [comparison.baseline, focus].compactMap(\.self).reduce(into: [Int]()) {
        if !$0.contains($1) { $0.append($1) }
      }.map { Self.matrix(comparison.arms[$0], comparison) }
  }

  private static func matrix(_ arm: Arm, _ comparison: Comparison) -> Matrix {
    let names = comparison.data.testCounts.names
    let counts = arm.confusion.dense
    let k = names.count
    // Long names would make columns of a hand's breadth; the rows name the numbers.
    let areShort = names.allSatisfy { $0.count <= 5 }
    return Matrix(
      name: arm.name, heads: areShort ? names : (1...k).map(String.init),
      rows: (0..<k).map { truth in
        let row = counts[truth * k..<(truth + 1) * k]
        let total = Double(max(1, row.reduce(0, +)))
        return MatrixRow(
          name: areShort ? names[truth] : "\(truth + 1) \(names[truth])",
          cells: (0..<k).map { predicted in
            let count = counts[truth * k + predicted]
            return MatrixCell(
              text: count == 0 ? "" : Figures.count(count),
              share: Markup.position(Double(count) / total),
              kind: truth == predicted ? "hit" : "miss", count: count)
          })
      }, decisions: Figures.counted(arm.seeds.count, "seed"))
  }

  static let template = """
    <section aria-labelledby="conf-h"><h2 id="conf-h">Which confusions changed</h2>
    {{#hasFocus}}{{#hasChanges}}<p>True class → predicted class, {{baselineName}} → \
    {{focusName}}, decisions summed over {{seeds}}. Ordered by the change in the row's rate; \
    classes with fewer than {{minimum}} test images are left out.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Changed confusions">\
    <table class="confusions"><thead><tr><th scope="col">True → predicted</th>\
    <th scope="col">Decisions</th><th scope="col">Change of the rate</th><td></td></tr></thead>\
    <tbody>{{#changes}}<tr data-rate="{{data}}"><th scope="row">{{text}}</th><td>{{counts}}</td>\
    <td><span class="verdict {{tone}}">{{sign}}</span> {{rate}}</td>\
    <td><span class="axis" aria-hidden="true"><i class="thick {{tone}}" \
    style="left:{{left}}%;width:{{width}}%"></i></span></td></tr>
    {{/changes}}</tbody></table></div>{{/hasChanges}}\
    {{^hasChanges}}<p>No confusion of a class with at least {{minimum}} test images changed.</p>\
    {{/hasChanges}}{{/hasFocus}}
    {{#matrices}}<details><summary>Confusion matrix of {{name}}</summary><p>Rows: true class; \
    columns: predicted class, in the same \
    order. Decisions summed over {{decisions}}; colour: share of the row.</p>\
    <div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix of {{name}}">\
    <table class="matrix"><thead><tr><th scope="col">true \\ predicted</th>{{#heads}}\
    <th scope="col">{{.}}</th>{{/heads}}</tr></thead><tbody>{{#rows}}<tr>\
    <th scope="row">{{name}}</th>{{#cells}}<td class="{{kind}}" style="--v:{{share}}">{{text}}</td>\
    {{/cells}}</tr>
    {{/rows}}</tbody></table></div></details>{{/matrices}}</section>
    """
}
