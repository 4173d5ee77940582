import BalanceComparisons

/// A difference drawn on an axis from −scale to +scale: a line for the interval, a dot for the
/// mean, zero in the middle.
struct IntervalMark {
  let mean: String
  let lower: String
  let upper: String
  let scale: String
  /// Positions in percent of the axis.
  let dot: String
  let left: String
  let width: String
  let tone: String

  init(_ difference: Difference, scale: Double) {
    func position(_ value: Double) -> Double { min(100, max(0, 50 + 50 * value / scale)) }
    let start = position(difference.interval.lower)
    mean = Markup.number(difference.mean)
    lower = Markup.number(difference.interval.lower)
    upper = Markup.number(difference.interval.upper)
    self.scale = Markup.number(scale)
    dot = Markup.position(position(difference.mean))
    left = Markup.position(start)
    width = Markup.position(position(difference.interval.upper) - start)
    tone = Tone(difference.verdict).rawValue
  }

  /// A scale that holds every interval, rounded up to a round value.
  static func scale(_ differences: [Difference]) -> Double {
    let ends = differences.flatMap {
      [abs($0.interval.lower), abs($0.interval.upper), abs($0.mean)]
    }
    return min(1, max(0.02, PlotAxis.roundUp(ends.max() ?? 0.02, to: PlotAxis.fine)))
  }

  static let template = """
    <span class="axis" data-mean="{{mean}}" data-lower="{{lower}}" data-upper="{{upper}}" \
    data-scale="{{scale}}" aria-hidden="true"><i class="bar {{tone}}" \
    style="left:{{left}}%;width:{{width}}%"></i><i class="dot {{tone}}" style="left:{{dot}}%"></i>\
    </span>
    """
}
