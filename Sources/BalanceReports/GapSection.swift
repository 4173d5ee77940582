import BalanceComparisons
import BalanceCore

/// The first thing to see: plain accuracy beside macro F1.
struct GapSection {
  let armName: String
  let accuracy: String
  let accuracyName: String
  let accuracyRange: String
  let macroF1: String
  let macroF1Range: String
  let points: String
  let sentence: String
  let coverage: String
  let accuracyData: String
  let macroF1Data: String
  let accuracyPosition: String
  let macroF1Position: String
  let spanLeft: String
  let spanWidth: String
  let ticks: [Tick]

  struct Tick {
    let position: String
    let label: String
  }

  init(_ comparison: Comparison) {
    let gap = comparison.gap
    let arm = comparison.arms[comparison.baseline]
    armName = arm.name.prefix(1).uppercased() + arm.name.dropFirst()
    accuracy = Figures.percent(gap.accuracy.mean)
    accuracyName = gap.accuracyName
    accuracyRange =
      "\(Figures.percent(gap.accuracy.interval.lower)) to "
      + Figures.percent(gap.accuracy.interval.upper)
    macroF1 = Figures.fixed(gap.macroF1.mean)
    macroF1Range =
      "\(Figures.fixed(gap.macroF1.interval.lower)) to "
      + Figures.fixed(gap.macroF1.interval.upper)
    points = Figures.fixed(100 * gap.difference, digits: 1)
    coverage = Figures.percent(comparison.options.coverage, digits: 0)
    sentence = Self.sentence(comparison)
    accuracyData = Markup.number(gap.accuracy.mean)
    macroF1Data = Markup.number(gap.macroF1.mean)
    let low = min(gap.macroF1.mean, gap.accuracy.mean)
    let room = max(0.1, 0.6 * abs(gap.difference))
    let axis = PlotAxis([max(0, low - room), 1], in: 0...1)
    let a = axis.position(gap.accuracy.mean)
    let f = axis.position(gap.macroF1.mean)
    accuracyPosition = Markup.position(a)
    macroF1Position = Markup.position(f)
    spanLeft = Markup.position(min(a, f))
    spanWidth = Markup.position(abs(a - f))
    ticks = axis.ticks.map {
      Tick(
        position: Markup.position(axis.position($0)),
        label: Figures.fixed($0, digits: axis.digits))
    }
  }

  private static func sentence(_ comparison: Comparison) -> String {
    let arm = comparison.arms[comparison.baseline]
    let counts = comparison.data.trainingCounts
    guard
      let worst = arm.classes.indices.min(by: { arm.classes[$0].f1.mean < arm.classes[$1].f1.mean })
    else { return "" }
    let points = Figures.fixed(100 * abs(comparison.gap.difference), digits: 1)
    let opening =
      if comparison.gap.difference >= 0.02 {
        "Macro F1 counts every class the same, and there the model is \(points) points lower: "
          + "accuracy hides what happens to rare classes."
      } else if comparison.gap.difference <= -0.02 {
        "Macro F1 is \(points) points above accuracy: here the frequent classes are the hard ones."
      } else {
        "The two are within 2 points of each other: here accuracy hides little."
      }
    return opening + " Weakest class: \(counts.names[worst]), F1 "
      + "\(Figures.fixed(arm.classes[worst].f1.mean)) with "
      + "\(Figures.counted(counts.counts[worst], "training image"))."
  }

  static let template = """
    <section class="gap" aria-labelledby="gap-h">
    <h2 id="gap-h">{{armName}}: what accuracy says, and what it hides</h2>
    <div class="pair">
    <p class="figure accuracy"><span class="big">{{accuracy}}</span> <span>{{accuracyName}}</span> \
    <small>{{coverage}} interval {{accuracyRange}}</small></p>
    <p class="figure f1"><span class="big">{{macroF1}}</span> <span>macro F1: the mean F1 over the \
    classes</span> <small>{{coverage}} interval {{macroF1Range}}</small></p>
    </div>
    <div class="gapline" role="img" aria-label="Accuracy {{accuracy}} and macro F1 {{macroF1}} on \
    one axis, {{points}} points apart" data-accuracy="{{accuracyData}}" data-f1="{{macroF1Data}}">
    <i class="span" style="left:{{spanLeft}}%;width:{{spanWidth}}%"><b>{{points}} points</b></i>
    <i class="f1dot" style="left:{{macroF1Position}}%"></i>
    <i class="accdot" style="left:{{accuracyPosition}}%"></i>
    <i class="name f" style="left:{{macroF1Position}}%">macro F1</i>
    <i class="name a" style="left:{{accuracyPosition}}%">accuracy</i>
    {{#ticks}}<i class="tick" style="left:{{position}}%">{{label}}</i>{{/ticks}}
    </div>
    <p>{{sentence}}</p>
    </section>
    """
}
