import BalanceComparisons

/// The arms in ranking order, with the figures of the trade-off chart.
struct StrategiesTable {
  let accuracyDefinition: String
  let coverage: String
  let note: String
  let rows: [Row]

  struct Row {
    let number: Int
    let name: String
    let badge: String
    let accuracy: String
    let accuracyRange: String
    let cost: String
    let costRange: String
    let macroF1: String
    let macroF1Range: String
    let seeds: String
    let hasDifference: Bool
    let change: [DifferenceText]
    let absence: String
  }

  /// The number of each arm: its place in the ranking, from 1.
  static func numbers(_ comparison: Comparison) -> [Int] {
    var numbers = [Int](repeating: 0, count: comparison.arms.count)
    for (place, arm) in comparison.ranking.order.enumerated() { numbers[arm] = place + 1 }
    return numbers
  }

  init(_ comparison: Comparison) {
    let numbers = Self.numbers(comparison)
    let scale = IntervalMark.scale(comparison.arms.compactMap { $0.difference?.macroF1 })
    accuracyDefinition =
      comparison.data.testSharesDiffer
      ? "at the data's own class frequencies" : "the share of test images answered right"
    coverage = Figures.percent(comparison.options.coverage, digits: 0)
    note = Self.note(comparison)
    rows = comparison.ranking.order.map { index in
      let arm = comparison.arms[index]
      let accuracy = comparison.headlineAccuracy(arm)
      let cost = comparison.headlineAccuracyDifference(arm)
      let change = arm.difference.map { DifferenceText($0.macroF1, scale: scale) }
      return Row(
        number: numbers[index], name: arm.name,
        badge: Self.badge(comparison, index),
        accuracy: Figures.percent(accuracy.mean),
        accuracyRange: Self.range(accuracy.interval),
        cost: cost.map { "\(Figures.signed(100 * $0.mean, digits: 1)) points" } ?? "",
        costRange: cost.map { DifferenceText.pointRange($0.interval) } ?? "",
        macroF1: Figures.fixed(arm.macroF1.mean),
        macroF1Range: "\(Figures.fixed(arm.macroF1.interval.lower)) to "
          + Figures.fixed(arm.macroF1.interval.upper),
        seeds: Self.seeds(arm), hasDifference: change != nil, change: change.map { [$0] } ?? [],
        absence: index == comparison.baseline ? "what the others are compared with" : "no pairs")
    }
  }

  /// What an arm is besides its name: baseline, winner, and how many of its runs diverged.
  static func badge(_ comparison: Comparison, _ index: Int) -> String {
    let part =
      index == comparison.baseline
      ? "baseline" : index == comparison.ranking.winner ? "chosen on validation" : nil
    return [part, comparison.divergence(comparison.arms[index])].compactMap(\.self)
      .joined(separator: ", ")
  }

  private static func range(_ interval: Interval) -> String {
    "\(Figures.fixed(100 * interval.lower, digits: 1)) to \(Figures.percent(interval.upper))"
  }

  private static func seeds(_ arm: Arm) -> String {
    guard let deviation = arm.macroF1.deviation else { return "1 seed" }
    return
      "\(Figures.counted(arm.seeds.count, "seed")) from \(Figures.fixed(arm.macroF1.minimum)) to "
      + "\(Figures.fixed(arm.macroF1.maximum)), standard deviation \(Figures.fixed(deviation))"
  }

  private static func note(_ comparison: Comparison) -> String {
    let basis =
      comparison.ranking.basis == .validation
      ? "Ordered by macro F1 on the validation images; all figures are from the test images."
      : "Ordered by macro F1 on the test images, because not every run has validation "
        + "predictions. The images that choose cannot also judge, so no winner is declared."
    let inseparable = comparison.ranking.inseparable.map { comparison.arms[$0].name }
    guard !inseparable.isEmpty, let first = comparison.ranking.order.first else { return basis }
    return basis + " \(comparison.arms[first].name.prefix(1).uppercased())"
      + "\(comparison.arms[first].name.dropFirst()) cannot be separated from "
      + "\(Figures.list(inseparable)): the paired interval of the difference includes 0."
  }

  static let template = """
    <div class="scroll" tabindex="0" role="region" aria-label="Strategies">
    <table class="strategies" role="table">
    <caption>Accuracy is {{accuracyDefinition}}. Small figures: {{coverage}} intervals over {{basis}}, paired \
    with the baseline for differences.</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">No.</th>\
    <th scope="col" role="columnheader">Remedy</th><th scope="col" class="n" role="columnheader">\
    Accuracy</th><th scope="col" class="n" role="columnheader">\
    Macro F1</th><th scope="col" role="columnheader">Change in macro F1</th></tr></thead>
    <tbody role="rowgroup">{{#rows}}<tr role="row" data-arm="{{number}}"><td role="cell">{{number}}\
    </td><th scope="row" role="rowheader">{{name}}<small>{{badge}}</small></th>\
    <td class="n" role="cell" data-label="Accuracy">{{accuracy}}<small>{{accuracyRange}}</small>\
    <small>{{cost}}</small><small>{{costRange}}</small></td>\
    <td class="n" role="cell" data-label="Macro F1">{{macroF1}}<small>{{macroF1Range}}</small></td>\
    <td role="cell" data-label="Change">{{#change}}{{#mark}}{{>mark}}{{/mark}}<span class="fig">\
    {{figure}} <small>{{range}}</small></span> {{>verdict}}{{/change}}\
    {{^hasDifference}}<span class="muted">{{absence}}</span>{{/hasDifference}}\
    <small>{{seeds}}</small></td></tr>
    {{/rows}}</tbody></table></div>
    <p class="note">{{note}}</p>
    """
}
