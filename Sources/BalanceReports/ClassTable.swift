import BalanceComparisons
import BalanceCore

/// The classes of one remedy: the table is the chart.
struct ClassTable {
  static let filterLimit = 20
  static let printLimit = 60

  let id: String
  let armName: String
  let referenceName: String
  let coverage: String
  let scale: String
  let isFilterable: Bool
  let isLong: Bool
  let rows: [Row]
  let count: Int

  struct Row {
    let index: Int
    let name: String
    let training: Int
    let trainingText: String
    let test: Int
    let plain: String
    let remedy: String
    let plainText: String
    let remedyText: String
    let plainPosition: String
    let remedyPosition: String
    let left: String
    let width: String
    let tone: String
    let change: DifferenceText
    let changeData: String
    let order: Int
    let middle: String
  }

  init(_ comparison: Comparison, arm index: Int, difference: ArmDifference, id: String) {
    let arm = comparison.arms[index]
    let reference = comparison.arms[difference.reference]
    let training = comparison.data.trainingCounts
    let test = comparison.data.testCounts
    let scale = IntervalMark.scale(difference.classes.map(\.f1))
    let order = training.counts.indices.sorted {
      (-training.counts[$0], training.names[$0]) < (-training.counts[$1], training.names[$1])
    }
    self.id = id
    armName = arm.name
    referenceName = reference.name
    coverage = Figures.percent(comparison.options.coverage, digits: 0)
    self.scale = Figures.fixed(scale, digits: 2)
    isFilterable = order.count > Self.filterLimit
    isLong = order.count > Self.printLimit
    count = order.count
    rows = order.enumerated().map { place, c in
      let (before, after) = (reference.classes[c].f1.mean, arm.classes[c].f1.mean)
      let change = difference.classes[c].f1
      let isMiddle = order.count > Self.printLimit && (25..<order.count - 25).contains(place)
      return Row(
        index: c, name: training.names[c], training: training.counts[c],
        trainingText: Figures.count(training.counts[c]), test: test.counts[c],
        plain: Markup.number(before), remedy: Markup.number(after),
        plainText: Figures.fixed(before), remedyText: Figures.fixed(after),
        plainPosition: Markup.position(100 * before),
        remedyPosition: Markup.position(100 * after),
        left: Markup.position(100 * min(before, after)),
        width: Markup.position(100 * abs(before - after)), tone: Tone(change.verdict).rawValue,
        change: DifferenceText(change, scale: scale), changeData: Markup.number(change.mean),
        order: Self.rank(change.verdict), middle: isMiddle ? "mid" : "")
    }
  }

  /// Sorting by verdict puts gains first and what is not judged last.
  private static func rank(_ verdict: Verdict) -> Int {
    switch verdict {
    case .clearlyGained: 0
    case .gained: 1
    case .lost: 2
    case .unclear: 3
    case .same: 4
    case .notJudged: 5
    }
  }

  static let template = """
    {{#isFilterable}}<p class="filter" hidden><label>Show classes whose name contains \
    <input type="search" data-filter="{{id}}"></label> <span role="status"></span></p>\
    {{/isFilterable}}{{#isLong}}<p class="printonly">On paper: the 25 classes with the most and \
    the 25 with the fewest training images; all {{count}} are in report.csv.</p>{{/isLong}}
    <div class="scroll tall" tabindex="0" role="region" aria-label="Classes, {{armName}}">
    <table class="classes" id="{{id}}" role="table"><caption>F1 of each class: hollow \
    {{referenceName}}, filled {{armName}}, on an axis from 0 to 1; change with its {{coverage}} \
    interval over {{basis}}, on an axis from −{{scale}} to +{{scale}}.</caption>\
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader" data-sort="text">\
    Class</th><th scope="col" role="columnheader" class="n" data-sort="num" \
    aria-sort="descending">Training</th><th scope="col" role="columnheader" class="n" \
    data-sort="num">Test</th><th scope="col" role="columnheader" data-sort="num">F1</th>\
    <th scope="col" role="columnheader" data-sort="num">Change</th>\
    <th scope="col" role="columnheader" data-sort="num">Verdict</th></tr></thead>\
    <tbody role="rowgroup">{{#rows}}<tr role="row" class="{{middle}}" data-class="{{index}}" \
    data-plain="{{plain}}" data-f1="{{remedy}}"><th scope="row" role="rowheader">{{name}}</th>\
    <td class="n" role="cell" data-label="training" data-v="{{training}}">{{trainingText}}</td>\
    <td class="n" role="cell" data-label="test" data-v="{{test}}">{{test}}</td>\
    <td role="cell" class="db" data-v="{{remedy}}"><span class="unit" aria-hidden="true">\
    <i class="bar {{tone}}" style="left:{{left}}%;width:{{width}}%"></i>\
    <i class="o" style="left:{{plainPosition}}%"></i>\
    <i class="dot {{tone}}" style="left:{{remedyPosition}}%"></i></span>\
    <span class="fig">{{plainText}} → {{remedyText}}</span></td>{{#change}}\
    <td role="cell" class="chg" data-v="{{changeData}}">{{#mark}}{{>mark}}{{/mark}}\
    <span class="fig">{{figure}} <small>{{range}}</small></span></td>\
    <td role="cell" data-v="{{order}}">{{>verdict}}</td>{{/change}}</tr>
    {{/rows}}</tbody></table></div>
    """
}
