/// What is between the fields of a table.
public enum TableDelimiter: String, Codable, CaseIterable, Hashable, Sendable {
  case comma, semicolon, tab, pipe
  /// Any run of spaces and tabs; those at the ends of a line are no fields.
  case space

  /// - Parameter text: a name or the sign itself, also as `\t`.
  /// - Throws: `BalanceError` with code `usage` for anything else.
  public init(_ text: String) throws(BalanceError) {
    let found = Self.allCases.first { $0.rawValue == text || $0.signs.contains(text) }
    guard let found else {
      throw Suggestion.unknown("delimiter", text, among: Self.allCases.map(\.rawValue))
        .located(at: "--delimiter")
    }
    self = found
  }

  private var signs: [String] {
    switch self {
    case .comma: [","]
    case .semicolon: [";"]
    case .tab: ["\t", "\\t"]
    case .pipe: ["|"]
    case .space: [" "]
    }
  }

  /// The bytes of which each, or for `space` any run, ends a field.
  var bytes: (UInt8, UInt8) {
    switch self {
    case .comma: (0x2C, 0x2C)
    case .semicolon: (0x3B, 0x3B)
    case .tab: (0x09, 0x09)
    case .pipe: (0x7C, 0x7C)
    case .space: (0x20, 0x09)
    }
  }

  /// What most likely is between the fields of a text that begins so: what gives every line the
  /// number of fields that is known; else what is most frequent in the first line; and blanks where
  /// that has nothing else and all lines have as many.
  ///
  /// - Parameter fields: how many there are on a line, where that is known.
  static func likely(_ text: ArraySlice<UInt8>, fields: Int?) -> TableDelimiter {
    let lines = text.split(maxSplits: sampled, omittingEmptySubsequences: true) {
      $0 == 0x0A || $0 == 0x0D
    }.prefix(sampled).filter { words($0) > 0 }
    guard let head = lines.first else { return .comma }
    let signs: [TableDelimiter] = [.comma, .semicolon, .tab, .pipe]
    func count(_ sign: TableDelimiter, _ line: ArraySlice<UInt8>) -> Int {
      line.count { $0 == sign.bytes.0 }
    }
    let widths = Set(lines.map(words))
    if let fields, fields > 1 {
      let fitting = signs.first { sign in lines.allSatisfy { count(sign, $0) == fields - 1 } }
      if let fitting { return fitting }
      if widths == [fields] { return .space }
    }
    let counts = signs.map { count($0, head) }
    let best = counts.max() ?? 0
    if best == 0, widths.count == 1, widths.max() ?? 0 > 1 { return .space }
    return signs[counts.firstIndex(of: best) ?? 0]
  }

  /// Lines that are looked at.
  private static let sampled = 20

  private static func words(_ line: ArraySlice<UInt8>) -> Int {
    line.split { $0 == 0x20 || $0 == 0x09 }.count
  }
}
