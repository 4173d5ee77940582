import BalanceComparisons

/// A difference in words and figures, with its mark.
struct DifferenceText {
  let figure: String
  let range: String
  let words: String
  let tone: String
  let sign: String
  let mark: IntervalMark

  init(_ difference: Difference, scale: Double) {
    figure = Figures.signed(difference.mean)
    range = Self.range(difference.interval)
    words = Self.words(difference)
    let tone = Tone(difference.verdict)
    self.tone = tone.rawValue
    sign = tone.sign
    mark = IntervalMark(difference, scale: scale)
  }

  static func range(_ interval: Interval, digits: Int = 3) -> String {
    "\(Figures.signed(interval.lower, digits: digits)) to "
      + Figures.signed(interval.upper, digits: digits)
  }

  /// The verdict where the interval is beside it: an unclear one need not repeat its ends.
  static func words(_ difference: Difference) -> String {
    difference.verdict == .unclear ? "unclear" : difference.words
  }

  /// A difference in accuracy, in points.
  static func points(_ difference: Difference) -> String {
    "\(Figures.signed(100 * difference.mean, digits: 1)) points "
      + "(\(pointRange(difference.interval)))"
  }

  static func pointRange(_ interval: Interval) -> String {
    "\(Figures.signed(100 * interval.lower, digits: 1)) to "
      + Figures.signed(100 * interval.upper, digits: 1)
  }

  static let template = """
    <span class="verdict {{tone}}"><b aria-hidden="true">{{sign}}</b> {{words}}</span>
    """
}
