import BalanceCore
import Testing

@Suite struct CanonicalNameTests {
  @Test(arguments: [
    ("cat", "cat"), (" cat\t", "cat"), ("cat\u{A0}", "cat"), ("\u{3000}a b\u{2028}", "a b"),
    ("cafe\u{301}", "caf\u{E9}"), ("\u{212B}", "\u{C5}"), ("\u{1100}\u{1161}", "\u{AC00}"),
    ("a\u{327}\u{301}", "\u{E1}\u{327}"), (" \u{301}x", "\u{301}x"),
  ])
  func oneForm(written: String, expected: String) throws {
    let name = try #require(CanonicalName(written))
    #expect(Array(name.text.utf8) == Array(expected.utf8))
  }

  @Test(arguments: ["", " ", "\u{A0}\t\n"])
  func nothingIsLeft(written: String) {
    #expect(CanonicalName(written) == nil)
  }

  /// Names that `==` says are equal have equal bytes, or a dictionary and a database would differ.
  @Test func equalNamesHaveEqualBytes() throws {
    for value in UInt32(0)...0x1FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isMark = scalar.properties.canonicalCombiningClass != .notReordered
      // Beyond U+FFFF such as Foundation takes for Latin letters.
      guard isMark || value & 0xFFFF < 0x250 else { continue }
      let texts = [
        "x\(scalar)\u{327}\u{301}", "x\(scalar)\u{301}\u{327}", "x\u{327}\(scalar)\u{301}",
      ]
      let names = try texts.map { try #require(CanonicalName($0)).text }
      for (text, name) in zip(texts, names) {
        guard name == text, CanonicalName(name)?.text.hasSameBytes(as: name) == true else {
          Issue.record("\(String(value, radix: 16)): another name")
          continue
        }
      }
      for other in 1...2 where texts[0] == texts[other] {
        guard !names[0].hasSameBytes(as: names[other]) else { continue }
        Issue.record("\(String(value, radix: 16)): equal names in two forms")
      }
    }
  }

  @Test(arguments: [
    ("cat", "Cat"), ("golden retriever", "Golden_Retriever"),
    ("goldenretriever", "golden  retriever"),
    ("1", "01"), ("1", "1.0"), ("class 1", "class 001"), ("ＡＢＣ", "abc"), ("Straße", "STRASSE"),
    ("cat", "c\u{200B}at"), ("P1", "p1"),
  ])
  func lookAlike(a: String, b: String) {
    #expect(CanonicalName(a)?.likeness == CanonicalName(b)?.likeness)
  }

  @Test(arguments: [
    ("1", "10"), ("0.5", "0.05"), ("1 2", "12"), ("0", "00a"), ("cat", "cats"), ("-1", "1"),
    ("0.10", "0.1"), ("1.00.2", "1.2"),
  ])
  func different(a: String, b: String) {
    #expect(CanonicalName(a)?.likeness != CanonicalName(b)?.likeness)
  }
}
