import BalanceComparisons
import Foundation

/// Accuracy across, macro F1 upwards: what a remedy costs and what it brings.
struct TradeOffPlot {
  let label: String
  let xName: String
  let coverage: String
  let xTicks: [Tick]
  let yTicks: [Tick]
  let baseX: String
  let baseY: String
  let arms: [Mark]
  let seeds: [Dot]

  struct Tick {
    let position: String
    let label: String
  }

  struct Dot {
    let x: String
    let y: String
  }

  struct Mark {
    let number: Int
    let tone: String
    let isBaseline: Bool
    let accuracy: String
    let f1: String
    let x: String
    let y: String
    let crossLeft: String
    let crossWidth: String
    let crossBottom: String
    let crossHeight: String
    let labelX: String
    let labelY: String
    /// A line from the ring to a label that is away from it.
    let isLed: Bool
    let leadLength: String
    let leadAngle: String
  }

  /// Smallest size at which the plot is shown; labels that are free there are free above it.
  private static let size = (width: 250.0, height: 260.0)

  init(_ comparison: Comparison, numbers: [Int]) {
    let arms = comparison.arms
    let levels = arms.map(comparison.headlineAccuracy)
    let usesPriors = comparison.data.testSharesDiffer
    func accuracy(_ seed: SeedScores) -> Double {
      usesPriors ? seed.priorWeightedAccuracy : seed.accuracy
    }
    let allSeeds = arms.flatMap(\.seeds)
    let x = PlotAxis(
      levels.flatMap { [$0.interval.lower, $0.interval.upper] } + allSeeds.map(accuracy),
      in: 0...1, ticks: 4)
    let y = PlotAxis(
      arms.flatMap { [$0.macroF1.interval.lower, $0.macroF1.interval.upper] }
        + allSeeds.map(\.macroF1), in: 0...1)
    let offsets = LabelPlacement.offsets(
      arms.indices.map { index in
        LabelPlacement.Point(
          x: x.position(levels[index].mean) / 100 * Self.size.width,
          y: (1 - y.position(arms[index].macroF1.mean) / 100) * Self.size.height,
          width: 16, height: 16)
      }, in: Self.size)
    self.arms = arms.indices.map { index in
      let arm = arms[index]
      let left = x.position(levels[index].interval.lower)
      let bottom = y.position(arm.macroF1.interval.lower)
      return Mark(
        number: numbers[index],
        tone: (arm.difference.map { Tone($0.macroF1.verdict) } ?? .same).rawValue,
        isBaseline: index == comparison.baseline, accuracy: Markup.number(levels[index].mean),
        f1: Markup.number(arm.macroF1.mean), x: Markup.position(x.position(levels[index].mean)),
        y: Markup.position(y.position(arm.macroF1.mean)), crossLeft: Markup.position(left),
        crossWidth: Markup.position(x.position(levels[index].interval.upper) - left),
        crossBottom: Markup.position(bottom),
        crossHeight: Markup.position(y.position(arm.macroF1.interval.upper) - bottom),
        labelX: Markup.position(offsets[index].x), labelY: Markup.position(offsets[index].y),
        isLed: hypot(offsets[index].x, offsets[index].y) > 23,
        leadLength: Markup.position(hypot(offsets[index].x, offsets[index].y) - 7),
        leadAngle: Markup.position(atan2(offsets[index].y, offsets[index].x) * 180 / .pi))
    }
    seeds = allSeeds.map {
      Dot(
        x: Markup.position(x.position(accuracy($0))),
        y: Markup.position(y.position($0.macroF1)))
    }
    xTicks = x.ticks.map {
      Tick(
        position: Markup.position(x.position($0)),
        label: Figures.percent($0, digits: max(0, x.digits - 2)))
    }
    yTicks = y.ticks.map {
      Tick(position: Markup.position(y.position($0)), label: Figures.fixed($0, digits: y.digits))
    }
    baseX = Markup.position(x.position(levels[comparison.baseline].mean))
    baseY = Markup.position(y.position(arms[comparison.baseline].macroF1.mean))
    xName = usesPriors ? "accuracy at own class frequencies" : "accuracy"
    coverage = Figures.percent(comparison.options.coverage, digits: 0)
    let above = arms.count { ($0.difference?.macroF1.verdict.isGain) == true }
    label =
      "Scatter of \(comparison.gap.accuracyName) against macro F1: "
      + "\(above) of \(Figures.counted(arms.count - 1, "remedy", "remedies")) have a higher macro "
      + "F1 than the baseline. The same figures are in the table beside it."
  }

  static let template = """
    <figure class="tradeoff">
    <div class="plot" role="img" aria-label="{{label}}"><div class="area">
    {{#xTicks}}<i class="gx" style="left:{{position}}%"><u>{{label}}</u></i>{{/xTicks}}
    {{#yTicks}}<i class="gy" style="bottom:{{position}}%"><u>{{label}}</u></i>{{/yTicks}}
    <i class="hx" style="left:{{baseX}}%"></i><i class="hy" style="bottom:{{baseY}}%"></i>
    {{#seeds}}<i class="seed" style="left:{{x}}%;bottom:{{y}}%"></i>{{/seeds}}
    {{#arms}}<i class="ch {{tone}}" style="left:{{crossLeft}}%;width:{{crossWidth}}%;\
    bottom:{{y}}%"></i><i class="cv {{tone}}" style="left:{{x}}%;bottom:{{crossBottom}}%;\
    height:{{crossHeight}}%"></i>{{/arms}}
    {{#arms}}{{#isLed}}<i class="lead" style="left:{{x}}%;bottom:{{y}}%;width:{{leadLength}}px;\
    transform:rotate({{leadAngle}}deg)"></i>{{/isLed}}{{/arms}}
    {{#arms}}<i class="ring {{tone}}{{#isBaseline}} base{{/isBaseline}}" data-arm="{{number}}" \
    data-accuracy="{{accuracy}}" data-f1="{{f1}}" style="left:{{x}}%;bottom:{{y}}%"></i>\
    <i class="num" style="left:calc({{x}}% + {{labelX}}px);bottom:calc({{y}}% - {{labelY}}px)">\
    {{number}}</i>{{/arms}}
    </div><b class="xname">{{xName}}</b><b class="yname">macro F1</b></div>
    <figcaption>Numbers as in the table; up and right is better. Rings: means over seeds; crosses: \
    {{coverage}} intervals over {{basis}}; small dots: single seeds; dashed: the \
    baseline.</figcaption>
    </figure>
    """
}
