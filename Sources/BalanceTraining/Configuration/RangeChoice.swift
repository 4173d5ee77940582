public import BalanceCore
public import BalanceImages

/// Which values of 16-bit images become 0 and 255: a range that is given, or that of the training
/// images.
public enum RangeChoice: Hashable, Sendable, CustomStringConvertible {
  case given(SampleRange)
  case auto

  public static let full = RangeChoice.given(.full)

  /// `full`, `auto` or `LOW:HIGH`.
  ///
  /// - Throws: `BalanceError` with code `usage`.
  public init(parsing text: String) throws(BalanceError) {
    switch text {
    case "full": self = .full
    case "auto": self = .auto
    default: self = .given(try SampleRange(parsing: text))
    }
  }

  /// As `init(parsing:)` reads it.
  public var description: String {
    switch self {
    case .full: "full"
    case .given(let range): "\(range)"
    case .auto: "auto"
    }
  }
}
