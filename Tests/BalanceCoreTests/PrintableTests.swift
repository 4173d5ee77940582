import BalanceCore
import Foundation
import Testing

@Suite struct PrintableTests {
  @Test(arguments: [
    ("plain text, äöü 漢字", "plain text, äöü 漢字"),
    ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
    ("red \u{1B}[31m \u{9B}2J \u{7F}", "red \\u{1B}[31m \\u{9B}2J \\u{7F}"),
    (
      "\u{202E}gpj\u{2066}\u{2069}\u{200F}\u{61C}",
      "\\u{202E}gpj\\u{2066}\\u{2069}\\u{200F}\\u{61C}"
    ),
    ("ca\u{200B}t\u{FEFF}\u{2060}\u{AD}\u{2028}", "ca\\u{200B}t\\u{FEFF}\\u{2060}\\u{AD}\\u{2028}"),
    ("\u{3164}\u{E0041}", "\\u{3164}\\u{E0041}"),
    // Joiners belong to emoji and to many scripts, but hide after a Latin letter.
    ("👩\u{200D}⚕️ می\u{200C}شود", "👩\u{200D}⚕️ می\u{200C}شود"),
    ("a\u{200D}b\u{FE0F}", "a\\u{200D}b\\u{FE0F}"),
    // A carriage return before a line feed is one character, and two scalars.
    ("a\r\nb", "a\\r\\nb"),
  ])
  func whatCannotBeSeenIsWritten(text: String, expected: String) {
    #expect(Printable.line(text) == expected)
    #expect(Printable.line(expected) == expected)
  }

  @Test func textKeepsItsLinesAndNothingElse() {
    #expect(Printable.text("a\nb\u{1B}\r\n") == "a\nb\\u{1B}\\r\n")
  }

  @Test func anErrorIsOneLine() {
    let error = BalanceError(
      .data, "the class '\u{1B}]0;x\u{7}' is\nodd", at: "a\n\u{202E}b", remedy: "none\u{200B}")
    #expect(
      error.description == "a\\n\\u{202E}b: the class '\\u{1B}]0;x\\u{7}' is\\nodd; none\\u{200B}")
  }

  @Test func jsonIsEscapedAndReadsTheSame() throws {
    let names = ["a\u{1B}\u{7F}\u{9B}", "\u{202E}\u{200B}\u{E0041}", "äöü\n\"\\"]
    let data = try CanonicalJSON.encode(names)
    let text = String(decoding: data, as: UTF8.self)
    #expect(Printable.text(text) == text)
    #expect(text.contains("\\u202e\\u200b\\udb40\\udc41") && text.contains("äöü"))
    #expect(try CanonicalJSON.decode([String].self, from: data) == names)
  }
}
