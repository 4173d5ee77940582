import BalanceCore
import Foundation

/// Images whose paths match a pattern that somebody chose; the pattern says what names the class.
struct PatternSource: ListingSource {
  static let kind = "pattern"

  /// The first that matches a path counts.
  let patterns: [PathPattern]
  /// Paths that match one of these are left out.
  let except: [PathPattern]

  /// - Throws: `BalanceError` with code `usage` where a pattern names no class, or one that leaves
  ///   paths out has placeholders.
  init(_ patterns: [PathPattern], except: [PathPattern]) throws(BalanceError) {
    for pattern in patterns where !pattern.placeholders.contains(.class) {
      throw BalanceError(
        .usage, "has no {class}", at: "--pattern '\(pattern.text)'",
        remedy: "write {class} where the class's name is, as in '{class}/**'")
    }
    for pattern in except where !pattern.placeholders.isEmpty {
      throw BalanceError(
        .usage, "has a placeholder, and only leaves images out", at: "--except '\(pattern.text)'",
        remedy: "write * instead, as in '**/*_mask.png'")
    }
    self.patterns = patterns
    self.except = except
  }

  private var placeholders: [PathPattern.Placeholder] { patterns.flatMap(\.placeholders) }

  var splitOrigin: SplitOrigin? { placeholders.contains(.split) ? .folders : nil }

  var namesGroups: Bool { placeholders.contains(.group) }

  var summary: String {
    func list(_ patterns: [PathPattern]) -> String {
      patterns.map { "'\($0.text)'" }.joined(separator: ", ")
    }
    return "images that match \(list(patterns))"
      + (except.isEmpty ? "" : ", except \(list(except))")
  }

  func list(_ confinement: Confinement, threads: Int) throws(BalanceError) -> Listing {
    try PatternListing.list(self, confinement, threads: threads)
  }

  func nothingFound(_ listing: Listing, root: String) -> BalanceError {
    let seen = listing.ignored.list.first { $0.category == IgnoredTally.unmatched }
    return BalanceError(
      .data,
      "no image was found (looked for \(summary))"
        + (seen.map { "; \($0.example.debugDescription) does not match" } ?? ""),
      at: root,
      remedy: "compare --pattern with the files' paths, in upper and lower case as they are, or "
        + "have the folders read with --detect")
  }

  func renewed(in root: URL) -> DatasetSource { DatasetSource(self) }
}
