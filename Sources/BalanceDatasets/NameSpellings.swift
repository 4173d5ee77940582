import BalanceCore

/// The ways in which names were written that are one name in their canonical form.
struct NameSpellings {
  private var plain: Set<String> = []
  private var others: [String: Set<ByteKey>] = [:]

  /// - Parameter name: the canonical form of `written`.
  mutating func add(_ written: String, for name: String) {
    if written.hasSameBytes(as: name) {
      plain.insert(name)
    } else {
      others[name, default: []].insert(ByteKey(written))
    }
  }

  /// What was written in more than one way; nil where nothing was.
  func problem(_ kind: ProblemKind, of noun: String) -> ProblemRecord? {
    let several = others.filter { $0.value.count > 1 || plain.contains($0.key) }
    let names = several.keys.sorted(by: precedesInBytes)
    guard let first = names.first else { return nil }
    let ways = names.prefix(3).map { name in
      let written = (several[name] ?? []).map(\.text) + (plain.contains(name) ? [name] : [])
      let shown = written.sorted(by: precedesInBytes).prefix(6).map(Self.visible)
      return shown.joined(separator: ", ")
    }.joined(separator: "; ")
    let more = names.count > 3 ? "; and \(names.count - 3) more" : ""
    return ProblemRecord(
      path: first, kind: kind,
      message: "names in several spellings are taken as one \(noun) each: \(ways)\(more)",
      remedy: "write each name in one way")
  }

  /// In quotes, with blanks at the ends, marks and invisible characters as their numbers.
  static func visible(_ text: String) -> String {
    var result = "\""
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let isInside = index > 0 && index < scalars.count - 1
      let properties = scalar.properties
      let isSeen =
        !Printable.isHidden(scalar, after: nil) && !properties.isGraphemeExtend
        && (scalar == " " && isInside || !properties.isWhitespace)
      if isSeen {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      }
    }
    return result + "\""
  }
}
