public import BalanceCore
public import BalanceImages

/// Which values of 16-bit images become 0 and 255: a range that is given, or that of the training
/// images.
public enum RangeChoice: Spelled {
  case given(SampleRange)
  case auto

  public static let full = RangeChoice.given(.full)

  public static let grammar = Grammar<RangeChoice>(
    "range of values",
    [
      SpelledForm("full", "0 to 65535", is: .full),
      SpelledForm("auto", "the least and the greatest of the training images", is: .auto),
      SpelledForm(
        "given", "these two", naming: .none, bounds,
        make: { .given($0) }, take: { if case .given(let range) = $0 { range } else { nil } }),
    ])

  private static let bounds = SpelledOption<SampleRange>(
    "LOW:HIGH", "two whole numbers from 0 to 65535, the smaller first", example: "0:4095",
    parts: 2,
    read: { text in
      let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count == 2, let low = ends[0], let high = ends[1] else { return nil }
      return try? SampleRange(low: low, high: high)
    },
    write: { "\($0)" })
}
