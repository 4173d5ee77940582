extension Int {
  /// `value` without its fraction, as near as `Int` comes: beyond its range the nearest end of it,
  /// and 0 for NaN.
  ///
  /// `Int(value)` ends the program there. A figure that is measured, read from a file or computed
  /// from either may be anything, so that it becomes a whole number here.
  package init(saturating value: Double) {
    if let exact = Int(exactly: value.rounded(.towardZero)) {
      self = exact
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }
}
