import Foundation

extension String {
  /// Unicode's NFC: strings that `==` says are equal have one, byte for byte.
  ///
  /// Foundation composes, but on Linux it cuts scalars past U+FFFF to 16 bits where a mark follows
  /// (U+10041 becomes an A), and its table of marks is older than that behind `==`. So each
  /// character is brought into canonical order here, and what Foundation makes of it is taken only
  /// where it is equal.
  package var canonicallyComposed: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    return map { $0.canonicallyComposed }.joined()
  }

  /// With compatibility forms (`Ａ`, `ﬁ`, `①`) replaced by what they stand for.
  package var compatiblyComposed: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    return map { character in
      character.unicodeScalars.allSatisfy { $0.value <= 0xFFFF }
        ? String(character).precomposedStringWithCompatibilityMapping : String(character)
    }.joined()
  }
}

extension Character {
  fileprivate var canonicallyComposed: String {
    let text = String(self)
    let decomposed = Self.ordered(text.decomposedStringWithCanonicalMapping)
    let ordered = decomposed == text ? decomposed : Self.ordered(text)
    let composed = ordered.precomposedStringWithCanonicalMapping
    return composed == ordered ? composed : ordered
  }

  /// Marks sorted by their combining class, stably, between those of class 0.
  private static func ordered(_ text: String) -> String {
    func rank(_ scalar: Unicode.Scalar) -> UInt8 {
      scalar.properties.canonicalCombiningClass.rawValue
    }
    var scalars = Array(text.unicodeScalars)
    for index in scalars.indices.dropFirst() {
      var at = index
      while at > 0, rank(scalars[at]) != 0, rank(scalars[at - 1]) > rank(scalars[at]) {
        scalars.swapAt(at, at - 1)
        at -= 1
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
