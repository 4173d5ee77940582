import BalanceComparisons
import BalanceCore
import BalanceReports

/// Figures over the epochs of a run, as lines: the text is HTML, which stays readable at any width,
/// and only the lines are SVG.
struct CurveChart {
  /// One line.
  struct Line {
    let name: String
    /// Of its colour and stroke: "a" or "b".
    let style: String
    let latest: String
    /// Corners in percent of the chart, for `polyline`.
    let points: String
    /// Where its last value lies, from the left and from the bottom, in percent.
    let left: String
    let bottom: String
  }

  struct Tick {
    let place: String
    let text: String
  }

  /// What is known of one figure: (epoch from 1, value).
  struct Series {
    let name: String
    let values: [(epoch: Int, value: Double)]
  }

  let title: String
  let description: String
  /// What lies above the chart, where something does.
  let cut: [String]
  let lines: [Line]
  let ticksX: [Tick]
  let ticksY: [Tick]

  /// - Parameters:
  ///   - epochs: of the whole run, which the horizontal axis covers.
  ///   - cutsBeginning: whether epochs of the first tenth may lie above the chart, where they are
  ///     so high that the others would be a flat line.
  ///   - shown: a value that the vertical axis covers in any case.
  ///   - text: a value as it is written in the legend.
  /// - Returns: nil where there is nothing to draw.
  init?(
    _ title: String, _ series: [Series], epochs: Int, in bounds: ClosedRange<Double>,
    atLeast least: Double, cutsBeginning: Bool = false, showing shown: Double? = nil,
    text: (Double) -> String
  ) {
    let series = series.map { one in
      Series(name: one.name, values: one.values.filter { $0.value.isFinite })
    }.filter { !$0.values.isEmpty }
    guard !series.isEmpty else { return nil }
    let all = series.flatMap(\.values)
    let high = all.map(\.value).max() ?? 0
    let later = all.filter { $0.epoch > (all.map(\.epoch).max() ?? 0) / 10 }.map(\.value)
    let isCut = cutsBeginning && high > 2 * (later.max() ?? high)
    let vertical = PlotAxis(
      (isCut ? later : all.map(\.value)) + (shown.map { [$0] } ?? []), in: bounds, ticks: 5,
      atLeast: least)
    cut = isCut ? ["at first above the chart, up to \(text(high))"] : []
    let last = max(2, epochs)
    func across(_ epoch: Int) -> Double { 100 * Double(epoch - 1) / Double(last - 1) }
    self.title = title
    ticksX = Self.ticks(last).map { Tick(place: Markup.position(across($0)), text: "\($0)") }
    ticksY = vertical.ticks.map {
      Tick(
        place: Markup.position(vertical.position($0)),
        text: Figures.fixed($0, digits: vertical.digits))
    }
    lines = zip(series, ["a", "b"]).map { one, style in
      let points = Self.thinned(one.values).map {
        Self.short(across($0.epoch)) + "," + Self.short(100 - vertical.position($0.value))
      }
      let end = one.values[one.values.count - 1]
      return Line(
        name: one.name, style: style, latest: text(end.value),
        points: points.joined(separator: " "), left: Markup.position(across(end.epoch)),
        bottom: Markup.position(vertical.position(end.value)))
    }
    description =
      title + ": "
      + series.map { one in
        let (first, end) = (one.values[0], one.values[one.values.count - 1])
        return one.values.count == 1
          ? "\(one.name) \(text(end.value)) after epoch \(end.epoch)"
          : "\(one.name) from \(text(first.value)) after epoch \(first.epoch) to "
            + "\(text(end.value)) after epoch \(end.epoch)"
      }.joined(separator: "; ")
  }

  /// At most so many corners: a screen shows no more.
  static let mostPoints = 400

  /// Evenly spaced values, the last one among them.
  static func thinned<T>(_ values: [T], to most: Int = mostPoints) -> [T] {
    guard values.count > most else { return values }
    return (0..<most).map { values[$0 * (values.count - 1) / (most - 1)] }
  }

  /// Round epochs, the first one always.
  private static func ticks(_ last: Int) -> [Int] {
    let step = max(1, Int(saturating: PlotAxis.roundUp(Double(last) / 5)))
    return [1] + stride(from: step, through: last, by: step).filter { $0 > 1 && $0 > last / 10 }
  }

  /// Tenths of a percent, without zeros at the end.
  private static func short(_ value: Double) -> String {
    let text = Figures.fixed(value, digits: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  static let template = """
    <figure class="curve"><figcaption><h3>{{title}}</h3>{{#lines}}<span class="key">\
    <i class="{{style}}" aria-hidden="true"></i>{{name}} <b>{{latest}}</b></span> {{/lines}}{{#cut}}<small>{{.}}</small>{{/cut}}\
    </figcaption><div class="plot" role="img" aria-label="{{description}}">\
    <div class="area" aria-hidden="true">{{#ticksX}}<i class="gx" style="left:{{place}}%">\
    <u>{{text}}</u></i>{{/ticksX}}{{#ticksY}}<i class="gy" style="bottom:{{place}}%">\
    <u>{{text}}</u></i>{{/ticksY}}<svg viewBox="0 0 100 100" preserveAspectRatio="none">{{#lines}}\
    <polyline class="{{style}}" points="{{points}}"/>{{/lines}}</svg>{{#lines}}\
    <i class="end {{style}}" style="left:{{left}}%;bottom:{{bottom}}%"></i>{{/lines}}</div></div>\
    </figure>
    """
}
