/// The one form of a name that people write in several: of a class, a group, a column, a split.
///
/// Unicode's NFC, without White_Space at the ends, so that é in one scalar and in two, or `cat` and
/// `cat `, are one name to Swift, to SQLite and to the eye. Every name gets it where it enters;
/// from there on names that `==` says are equal have equal bytes. Paths do not: they keep their
/// bytes.
package struct CanonicalName: Hashable, Sendable {
  package let text: String

  /// Nil where nothing is left of it: such a value is missing.
  package init?(_ written: String) {
    let scalars = written.unicodeScalars
    guard
      let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return nil }
    text = String(scalars[first...last]).canonicallyComposed
  }

  /// What the names have in common that look alike to people: equal for names that differ only in
  /// case, width or another compatible form, blanks, underscores, invisible characters, or a
  /// number's leading zeros and empty decimals (`1`, `01` and `1.0`).
  package var likeness: String {
    var kept: [Unicode.Scalar] = []
    var isBlank = false
    for scalar in text.compatiblyComposed.uppercased().unicodeScalars {
      let properties = scalar.properties
      if properties.isDefaultIgnorableCodePoint { continue }
      if properties.isWhitespace || scalar == "_" {
        isBlank = true
        continue
      }
      // "1 2" is not 12.
      if isBlank, scalar.isDigit, kept.last?.isDigit == true { kept.append(" ") }
      isBlank = false
      kept.append(scalar)
    }
    return Self.withPlainNumbers(kept)
  }

  /// Without zeros in front of a whole number, and without `.0` behind one.
  private static func withPlainNumbers(_ scalars: [Unicode.Scalar]) -> String {
    var result = String.UnicodeScalarView()
    var at = 0
    while at < scalars.count {
      guard scalars[at].isDigit else {
        result.append(scalars[at])
        at += 1
        continue
      }
      let end = scalars[at...].firstIndex { !$0.isDigit } ?? scalars.count
      let isFraction = at > 0 && (scalars[at - 1] == "." || scalars[at - 1] == ",")
      let digits = scalars[at..<end]
      let significant = isFraction ? digits : digits.drop { $0 == "0" }
      result.append(contentsOf: significant.isEmpty ? digits.suffix(1) : significant)
      at = end
      // A table that once went through floating point says 1.0 for 1.
      if !isFraction, at < scalars.count, scalars[at] == "." {
        let zeros = scalars[(at + 1)...].prefix { $0 == "0" }
        if !zeros.isEmpty, zeros.endIndex == scalars.count { at = zeros.endIndex }
      }
    }
    return String(result)
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
