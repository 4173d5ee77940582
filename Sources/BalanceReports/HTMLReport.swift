import BalanceComparisons
import BalanceCore

/// The report as one HTML file that needs nothing else: no network, no font, no other file. Its
/// script is in it (`ReportScript`), and everything can be read without.
struct HTMLReport {
  let title: String
  let summary: String
  let verdict: String
  let baselineName: String
  /// What intervals are over; the sections' templates find it here.
  let basis: String
  let balance: String
  let alerts: AlertsSection
  let gap: GapSection
  let plot: TradeOffPlot
  let strategies: StrategiesTable
  let effects: [EffectsSection]
  let bands: BandsSection
  let classes: ClassesSection
  let confusions: ConfusionsSection
  let calibration: CalibrationSection
  let data: DataSection
  let runs: RunsSection
  let method: MethodSection
  let style = ReportStyle.text
  let script = ReportScript.text

  init(_ comparison: Comparison, title: String) {
    let numbers = StrategiesTable.numbers(comparison)
    self.title = title
    summary = Self.summary(comparison)
    verdict = comparison.verdict
    basis = comparison.intervalBasis
    baselineName = comparison.arms[comparison.baseline].name
    balance = "Written by balance \(BalanceVersion.current)."
    alerts = AlertsSection(comparison)
    gap = GapSection(comparison)
    plot = TradeOffPlot(comparison, numbers: numbers)
    strategies = StrategiesTable(comparison)
    effects =
      comparison.arms.contains { $0.difference != nil }
      ? [EffectsSection(comparison, numbers: numbers)] : []
    bands = BandsSection(comparison, numbers: numbers)
    classes = ClassesSection(comparison, numbers: numbers)
    confusions = ConfusionsSection(comparison)
    calibration = CalibrationSection(comparison, numbers: numbers)
    data = DataSection(comparison)
    runs = RunsSection(comparison, numbers: numbers)
    method = MethodSection(comparison, numbers: numbers)
  }

  /// The dataset and the runs in a line.
  static func summary(_ comparison: Comparison) -> String {
    let data = comparison.data
    let seeds = comparison.arms.map(\.seeds.count)
    let most = seeds.max() ?? 0
    let least = seeds.min() ?? 0
    let perArm = least == most ? "\(most)" : "\(least) to \(most)"
    return "\(Figures.counted(data.testCounts.classCount, "class", "classes")), "
      + "\(Figures.counted(data.trainingCounts.total, "training image")) (imbalance ratio "
      + "\(Figures.fixed(data.imbalanceRatio, digits: 1))), "
      + "\(Figures.counted(data.testCounts.total, "test image"))"
      + (data.testGroups.map { " in \(Figures.counted($0, "group"))" } ?? "")
      + "; \(Figures.counted(comparison.arms.count, "arm")), \(perArm) "
      + "\(most == 1 ? "seed" : "seeds") each, \(Figures.counted(comparison.runs.count, "run"))"
      + (comparison.diverged.isEmpty
        ? "." : " and \(Figures.counted(comparison.diverged.count, "run")) that diverged.")
  }

  /// - Throws: `BalanceError` (`software`) if a template of this program is malformed.
  func render() throws(BalanceError) -> String {
    try PageTemplate.render(self, templates: Self.templates)
  }

  private static let templates = [
    "page": page, "mark": IntervalMark.template, "verdict": DifferenceText.template,
    "alertsTop": AlertsSection.top, "alertsBottom": AlertsSection.bottom,
    "gap": GapSection.template, "tradeOff": TradeOffPlot.template,
    "strategies": StrategiesTable.template, "effects": EffectsSection.template,
    "bands": BandsSection.template, "classPlot": ClassPlot.template,
    "classTable": ClassTable.template, "classes": ClassesSection.template,
    "confusions": ConfusionsSection.template, "calibration": CalibrationSection.template,
    "data": DataSection.template, "runs": RunsSection.template, "method": MethodSection.template,
  ]

  /// What every page has begun with since the first version: by it the program knows its own.
  static let head = """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
    style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    """

  private static let page = """
    \(head)
    <title>{{title}}</title><style>{{{style}}}</style></head><body>
    <a class="skip" href="#main">Skip to the content</a>
    <header><h1>{{title}}</h1><p class="muted">{{summary}}</p></header>
    <main id="main">
    {{#alerts}}{{>alertsTop}}{{/alerts}}
    {{#gap}}{{>gap}}{{/gap}}
    <section aria-labelledby="verdict-h"><h2 id="verdict-h">What the remedies did</h2>
    <p class="verdict-text">{{verdict}}</p>
    <div class="split">{{#plot}}{{>tradeOff}}{{/plot}}<div>{{#strategies}}{{>strategies}}\
    {{/strategies}}</div></div></section>
    {{#effects}}{{>effects}}{{/effects}}
    {{#bands}}{{>bands}}{{/bands}}
    {{#classes}}{{>classes}}{{/classes}}
    {{#confusions}}{{>confusions}}{{/confusions}}
    {{#calibration}}{{>calibration}}{{/calibration}}
    <section aria-labelledby="data-h"><h2 id="data-h">The data, and what limits this comparison\
    </h2>{{#data}}{{>data}}{{/data}}{{#alerts}}{{>alertsBottom}}{{/alerts}}</section>
    {{#runs}}{{>runs}}{{/runs}}
    {{#method}}{{>method}}{{/method}}
    </main><footer><p>{{balance}}</p></footer>
    <script>{{{script}}}</script></body></html>

    """
}
