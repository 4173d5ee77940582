import Foundation
import Testing

/// The whole help of every command.
@Suite struct HelpTests {
  static let commands = [
    "adjust", "analyze", "cache", "compare", "demo", "diff", "evaluate", "export", "import",
    "index", "lr-find", "plan", "predict", "runs", "split", "train", "values", "weights",
  ]

  @Test(arguments: commands)
  func helpIsThisText(_ command: String) throws {
    let result = try BalanceBinary.run(command, "--help")
    #expect(result.code == 0 && result.error.isEmpty)
    try GoldenFile.expect(result.out, at: "Tests/Goldens/help/\(command).txt")
    // Said once, not by the parser as well.
    let words = result.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(!words.contains(/\(default[^)]*\)\.? \(default/))
    #expect(result.out.contains("EXAMPLES:\n  balance \(command)"))
    #expect(result.out.contains("--quiet"))
  }

  @Test func helpOfTheProgramIsThisText() throws {
    let result = try BalanceBinary.run("--help")
    #expect(result.code == 0 && result.error.isEmpty)
    try GoldenFile.expect(result.out, at: "Tests/Goldens/help/balance.txt")
  }

  @Test func everyCommandIsLookedAt() throws {
    let help = try BalanceBinary.run("--help").out
    let list = try #require(help.components(separatedBy: "SUBCOMMANDS:\n").last)
    let names = list.split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("  "), !line.hasPrefix("   ") else { return nil }
      return line.split(separator: " ").first.map(String.init)
    }
    #expect(names.filter { $0 != "See" }.sorted() == Self.commands)
  }
}
