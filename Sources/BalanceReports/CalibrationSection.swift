import BalanceComparisons

/// Whether the probabilities can be believed.
struct CalibrationSection {
  struct Row {
    let number: Int
    let name: String
    let error: String
    let range: String
    let data: String
    let direction: String
    let likelihood: String
    let width: String
  }

  struct Reliability {
    let name: String
    let bins: [Bin]
  }

  struct Bin {
    let confidence: String
    let accuracy: String
    let count: String
    let low: String
    let x: String
    let y: String
  }

  let rows: [Row]
  let curves: [Reliability]

  init(_ comparison: Comparison, numbers: [Int]) {
    let largest = comparison.arms.map(\.calibration.expectedError).max() ?? 1
    let scale = PlotAxis.roundUp(max(0.01, largest), to: PlotAxis.fine)
    rows = comparison.ranking.order.map { index in
      let arm = comparison.arms[index]
      let calibration = arm.calibration
      let over = calibration.overconfidence
      return Row(
        number: numbers[index], name: arm.name, error: Figures.fixed(calibration.expectedError),
        range: "\(Figures.fixed(calibration.minimum)) to \(Figures.fixed(calibration.maximum))",
        data: Markup.number(calibration.expectedError),
        direction: abs(over) < 0.005
          ? "neither way"
          : over > 0
            ? "overconfident by \(Figures.fixed(100 * over, digits: 1)) points"
            : "underconfident by \(Figures.fixed(-100 * over, digits: 1)) points",
        likelihood: Figures.fixed(calibration.negativeLogLikelihood),
        width: Markup.position(100 * calibration.expectedError / scale))
    }
    curves = [comparison.baseline, comparison.focus].compactMap(\.self)
      .map { Self.reliability(comparison.arms[$0]) }
  }

  private static func reliability(_ arm: Arm) -> Reliability {
    let bins = arm.calibration.bins
    return Reliability(
      name: arm.name,
      bins: bins.indices.filter { bins[$0].count > 0 }.map { index in
        let bin = bins[index]
        return Bin(
          confidence: Figures.percent(bin.meanConfidence), accuracy: Figures.percent(bin.accuracy),
          count: Figures.count(bin.count),
          low: "\(Figures.percent(Double(index) / Double(bins.count), digits: 0)) to "
            + Figures.percent(Double(index + 1) / Double(bins.count), digits: 0),
          x: Markup.position(100 * bin.meanConfidence), y: Markup.position(100 * bin.accuracy))
      })
  }

  static let template = """
    <section aria-labelledby="cal-h"><h2 id="cal-h">Can the probabilities be believed?</h2>
    <p>Expected calibration error on the test images: the mean distance between stated confidence \
    and accuracy, lower is better. Resampling and loss remedies change what a probability means.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Calibration">\
    <table class="calibration"><thead><tr><th scope="col">Remedy</th>\
    <th scope="col">Expected calibration error <small>mean, and least to greatest over seeds</small>\
    </th><th scope="col">Tendency</th><th scope="col" class="n">Negative log-likelihood</th></tr>\
    </thead><tbody>{{#rows}}<tr data-ece="{{data}}"><th scope="row">{{number}} {{name}}</th><td>\
    <span class="unit plain" aria-hidden="true"><i class="thick same" \
    style="left:0;width:{{width}}%"></i></span><span class="fig">{{error}} <small>{{range}}</small>\
    </span></td><td>{{direction}}</td><td class="n">{{likelihood}}</td></tr>
    {{/rows}}</tbody></table></div>
    {{#curves}}<details><summary>Reliability of {{name}}</summary><div class="split">\
    <figure><div class="plot square" role="img" aria-label="Accuracy against confidence in bins; \
    the table beside it has the figures"><div class="area"><i class="diag"></i>{{#bins}}\
    <i class="fill same" style="left:{{x}}%;bottom:{{y}}%"></i>{{/bins}}</div>\
    <b class="xname">confidence, 0 to 1</b><b class="yname">accuracy, 0 to 1</b></div></figure>\
    <div class="scroll" tabindex="0" role="region" aria-label="Reliability of {{name}}"><table>\
    <thead><tr><th scope="col">Confidence</th><th scope="col" class="n">Mean confidence</th>\
    <th scope="col" class="n">Accuracy</th><th scope="col" class="n">Decisions</th></tr></thead>\
    <tbody>{{#bins}}<tr><th scope="row">{{low}}</th><td class="n">{{confidence}}</td>\
    <td class="n">{{accuracy}}</td><td class="n">{{count}}</td></tr>{{/bins}}</tbody></table></div>\
    </div></details>{{/curves}}</section>
    """
}
