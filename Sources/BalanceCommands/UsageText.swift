import ArgumentParser
import BalanceCore
import Foundation

/// What is said of a command line that the parser refuses.
enum UsageText {
  /// The parser's own text, except that an unknown command or option is named before anything that
  /// only follows from it; safe to show, as it repeats what was typed.
  static func message(for error: any Error, _ words: CommandLineWords) -> String {
    let text = Balance.fullMessage(for: error)
    guard let unknown = words.unknown else { return Printable.text(text) }
    let usage = text.range(of: "\nUsage:").map { text[$0.lowerBound...] } ?? ""
    return Printable.text("Error: \(unknown)\(usage)")
  }
}
