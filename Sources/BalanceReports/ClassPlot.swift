import BalanceComparisons
import BalanceCore
import Foundation

/// Per-class F1 against training images: plain cross-entropy hollow, a remedy filled. Beyond
/// `namedLimit` classes the change is drawn instead, since pairs of dots would cover each other.
struct ClassPlot {
  static let pairedLimit = 30
  static let namedLimit = 20

  let isPaired: Bool
  let label: String
  let armName: String
  let referenceName: String
  let hasReference: Bool
  let xTicks: [Tick]
  let yTicks: [Tick]
  let zero: String
  let points: [Point]
  let hasNames: Bool

  struct Tick {
    let position: String
    let label: String
  }

  struct Point {
    let index: Int
    let name: String
    let tone: String
    let plain: String
    let remedy: String
    let change: String
    let x: String
    let y: String
    let plainY: String
    let from: String
    let height: String
    let labelX: String
    let labelY: String
  }

  private static let size = (width: 280.0, height: 260.0)

  /// - Parameters:
  ///   - arm: the remedy to draw.
  ///   - reference: what it is compared with; the same position draws one arm alone.
  init(_ comparison: Comparison, arm: Int, reference: Int) {
    let counts = comparison.data.trainingCounts
    let (arm, plain) = (comparison.arms[arm], comparison.arms[reference])
    let difference = arm.difference
    isPaired = counts.classCount <= Self.pairedLimit || difference == nil
    hasReference = difference != nil
    let isPaired = isPaired
    let values = counts.counts.indices.map { c in
      (plain: plain.classes[c].f1.mean, remedy: arm.classes[c].f1.mean)
    }
    func change(_ c: Int) -> Double { difference?.classes[c].f1.mean ?? 0 }
    let supports = counts.counts.map { log10(Double(max(1, $0))) }
    let x = (low: (supports.min() ?? 0) - 0.08, high: (supports.max() ?? 0) + 0.08)
    func position(_ support: Double) -> Double { 100 * (support - x.low) / (x.high - x.low) }
    let y =
      isPaired
      ? PlotAxis(values.flatMap { [$0.plain, $0.remedy] } + [1], in: 0...1)
      : PlotAxis(counts.counts.indices.map(change) + [0], in: -1...1)
    func height(_ c: Int) -> Double { y.position(isPaired ? values[c].remedy : change(c)) }
    let names = counts.names
    hasNames =
      names.count <= Self.namedLimit && names.allSatisfy { $0.count <= 12 } && isPaired
    let offsets = LabelPlacement.offsets(
      names.indices.map { c in
        LabelPlacement.Point(
          x: position(supports[c]) / 100 * Self.size.width,
          y: (1 - height(c) / 100) * Self.size.height, width: 7 * Double(names[c].count) + 4,
          height: 15)
      },
      avoiding: names.indices.map { c in
        // The stem and the hollow dot at its other end.
        let x = position(supports[c]) / 100 * Self.size.width
        let ends = [y.position(values[c].plain), height(c)].map {
          (1 - $0 / 100) * Self.size.height
        }
        return LabelPlacement.Box(
          left: x - 7, right: x + 7, top: min(ends[0], ends[1]) - 7,
          bottom: max(ends[0], ends[1]) + 7)
      }, in: Self.size)
    points = names.indices.map { c in
      let plainY = y.position(values[c].plain)
      return Point(
        index: c, name: names[c],
        tone: (difference.map { Tone($0.classes[c].f1.verdict) } ?? .same).rawValue,
        plain: Markup.number(values[c].plain), remedy: Markup.number(values[c].remedy),
        change: Markup.number(change(c)), x: Markup.position(position(supports[c])),
        y: Markup.position(height(c)), plainY: Markup.position(plainY),
        from: Markup.position(min(plainY, height(c))),
        height: Markup.position(abs(plainY - height(c))),
        labelX: Markup.position(offsets[c].x), labelY: Markup.position(offsets[c].y))
    }
    xTicks = Self.supportTicks(x).map {
      Tick(position: Markup.position(position(log10(Double($0)))), label: Figures.count($0))
    }
    yTicks = y.ticks.map {
      Tick(
        position: Markup.position(y.position($0)),
        label: isPaired
          ? Figures.fixed($0, digits: y.digits) : Figures.signed($0, digits: y.digits))
    }
    zero = Markup.position(y.position(0))
    armName = arm.name
    referenceName = plain.name
    label =
      (isPaired ? "F1 of each class" : "Change in F1 of each class")
      + " against its training images, on a logarithmic axis; the table below has the figures."
  }

  /// 1, 2, 5 × 10ⁿ within the axis, thinned to at most seven.
  private static func supportTicks(_ axis: (low: Double, high: Double)) -> [Int] {
    let all = (0...9).flatMap { power in
      [1, 2, 5].map { $0 * Int(saturating: pow(10, Double(power))) }
    }
    .filter { (axis.low...axis.high).contains(log10(Double($0))) }
    let tens = all.filter { String($0).first == "1" }
    return all.count <= 7 || tens.isEmpty ? all : tens
  }

  static let template = """
    <figure class="classplot"><div class="plot" role="img" aria-label="{{label}}">\
    <div class="area">
    {{#xTicks}}<i class="gx" style="left:{{position}}%"><u>{{label}}</u></i>{{/xTicks}}
    {{#yTicks}}<i class="gy" style="bottom:{{position}}%"><u>{{label}}</u></i>{{/yTicks}}
    {{#isPaired}}{{#points}}{{#hasReference}}<i class="stem {{tone}}" \
    style="left:{{x}}%;bottom:{{from}}%;height:{{height}}%"></i>\
    <i class="open" style="left:{{x}}%;bottom:{{plainY}}%"></i>{{/hasReference}}\
    <i class="fill {{tone}}" data-class="{{index}}" data-plain="{{plain}}" data-f1="{{remedy}}" \
    style="left:{{x}}%;bottom:{{y}}%"></i>{{#hasNames}}<i class="cname" \
    style="left:calc({{x}}% + {{labelX}}px);bottom:calc({{y}}% - {{labelY}}px)">{{name}}</i>\
    {{/hasNames}}{{/points}}{{/isPaired}}
    {{^isPaired}}<i class="hy" style="bottom:{{zero}}%"></i>{{#points}}\
    <i class="fill small {{tone}}" data-class="{{index}}" data-change="{{change}}" \
    style="left:{{x}}%;bottom:{{y}}%"></i>{{/points}}{{/isPaired}}
    </div><b class="xname">training images</b>\
    <b class="yname">{{#isPaired}}F1{{/isPaired}}{{^isPaired}}change in F1{{/isPaired}}</b></div>
    <figcaption>{{#isPaired}}{{#hasReference}}Hollow: {{referenceName}}. Filled: {{armName}}. \
    {{/hasReference}}{{/isPaired}}{{^isPaired}}Change from {{referenceName}} to {{armName}}, one \
    dot a class. {{/isPaired}}Means over seeds; blue gained, orange lost, grey not told apart or \
    not judged; the table has the intervals.</figcaption></figure>
    """
}
