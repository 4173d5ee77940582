import BalanceComparisons
import BalanceCore

/// The tidy table: one row an arm, level ("summary", "band", "class"), item and metric.
///
/// Columns that do not apply are empty; figures have all their digits. `difference` and what
/// follows is against the arm named in `reference`. Names are guarded, as `guarded` says. The
/// metric `diverged_runs` counts what is in no figure, only where there is any.
struct CSVReport {
  static let columns = [
    "arm", "strategy", "loss", "model", "level", "item", "training_images", "test_images", "metric",
    "seeds", "mean", "lower", "upper", "deviation", "minimum", "maximum", "reference", "difference",
    "difference_lower", "difference_upper", "p_value", "p_adjusted", "verdict",
  ]

  private let comparison: Comparison

  init(_ comparison: Comparison) { self.comparison = comparison }

  var text: String {
    var text = ""
    append(Self.columns, to: &text)
    for arm in comparison.arms { append(arm, to: &text) }
    for row in diverged { append(row, to: &text) }
    return text
  }

  /// A row for each arm with runs that diverged, with how many; arms of which no run is left have
  /// no other.
  private var diverged: [[String]] {
    var arms: [String] = []
    for run in comparison.diverged where !arms.contains(run.arm) { arms.append(run.arm) }
    return arms.compactMap { arm in
      let runs = comparison.diverged.filter { $0.arm == arm }
      guard let record = runs.first?.record else { return nil }
      let left = comparison.arms.first { $0.name == arm }?.seeds.count ?? 0
      let fields = [
        "arm": Self.guarded(arm), "strategy": Self.guarded(record.strategy),
        "loss": Self.guarded(record.loss), "model": Self.guarded(record.model), "level": "summary",
        "metric": "diverged_runs", "seeds": "\(left)", "mean": "\(runs.count)",
      ]
      return Self.columns.map { fields[$0] ?? "" }
    }
  }

  private func append(_ arm: Arm, to text: inout String) {
    let data = comparison.data
    let total = (training: data.trainingCounts.total, test: data.testCounts.total)
    let difference = arm.difference
    func row(
      _ level: String, _ item: String, _ images: (training: Int, test: Int), _ metric: String,
      mean: Double, interval: Interval?, spread: SeedSummary? = nil, _ change: Difference?,
      adjusted: Double? = nil
    ) {
      append(
        [
          Self.guarded(arm.name), Self.guarded(arm.strategy), Self.guarded(arm.loss),
          Self.guarded(arm.model), level, Self.guarded(item), "\(images.training)",
          "\(images.test)", metric, "\(arm.seeds.count)", number(mean), number(interval?.lower),
          number(interval?.upper), number(spread?.deviation), number(spread?.minimum),
          number(spread?.maximum),
          change == nil
            ? "" : difference.map { Self.guarded(comparison.arms[$0.reference].name) } ?? "",
          number(change?.mean), number(change?.interval.lower), number(change?.interval.upper),
          number(change?.pValue), number(adjusted), change?.verdict.rawValue ?? "",
        ], to: &text)
    }
    func summary(
      _ metric: String, _ value: SeedSummary, _ change: Difference?, adjusted: Double? = nil
    ) {
      row(
        "summary", "", total, metric, mean: value.mean, interval: value.interval, spread: value,
        change, adjusted: adjusted)
    }
    summary("accuracy", arm.accuracy, difference?.accuracy)
    summary(
      "prior_weighted_accuracy", arm.priorWeightedAccuracy, difference?.priorWeightedAccuracy)
    summary("macro_f1", arm.macroF1, difference?.macroF1, adjusted: difference?.bootstrapHolm)
    if let validation = arm.validationMacroF1 {
      row("summary", "", total, "validation_macro_f1", mean: validation, interval: nil, nil)
    }
    row(
      "summary", "", total, "expected_calibration_error", mean: arm.calibration.expectedError,
      interval: nil, nil)
    for (index, band) in comparison.bands.enumerated() {
      let images = (
        training: band.classes.reduce(0) { $0 + data.trainingCounts.counts[$1] },
        test: band.classes.reduce(0) { $0 + data.testCounts.counts[$1] }
      )
      row(
        "band", band.name, images, "mean_f1", mean: arm.bands[index].mean,
        interval: arm.bands[index].interval, difference?.bands[index])
    }
    for (c, name) in data.testCounts.names.enumerated() {
      let images = (training: data.trainingCounts.counts[c], test: data.testCounts.counts[c])
      let change = difference?.classes[c]
      row(
        "class", name, images, "f1", mean: arm.classes[c].f1.mean,
        interval: arm.classes[c].f1.interval, change?.f1, adjusted: change?.adjustedP)
      row(
        "class", name, images, "recall", mean: arm.classes[c].recall.mean,
        interval: arm.classes[c].recall.interval, change?.recall)
    }
  }

  private func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  private func append(_ fields: [String], to text: inout String) {
    text += CSVText.line(fields)
  }

  /// A name that no spreadsheet takes for a formula and no terminal obeys: behind `'` where it
  /// begins with `=`, `+`, `-` or `@` and is no number, and as `Printable.line` has it.
  static func guarded(_ name: String) -> String {
    let text = Printable.line(name)
    guard let first = text.unicodeScalars.first, "=+-@".unicodeScalars.contains(first),
      Double(text) == nil
    else { return text }
    return "'" + text
  }
}
