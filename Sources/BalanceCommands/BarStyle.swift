import BalanceCore
import Foundation

/// How bars are drawn where the output goes.
package enum BarStyle: Sendable {
  /// Eighths of a character cell: for a terminal that shows Unicode.
  case blocks
  /// `#`, for files, pipes and old terminals.
  case plain

  /// What standard output can show.
  static var ofStandardOutput: BarStyle {
    let environment = ProcessInfo.processInfo.environment
    guard isatty(STDOUT_FILENO) == 1, environment["TERM"] != "dumb" else { return .plain }
    // The first of these that is set decides; where none is, terminals of today read UTF-8.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    guard let locale, locale != "C", locale != "POSIX" else { return .blocks }
    let name = locale.lowercased()
    return name.contains("utf-8") || name.contains("utf8") ? .blocks : .plain
  }

  /// A bar of `share` of `columns`; anything above zero leaves a mark.
  package func bar(_ share: Double, columns: Int) -> String {
    guard share > 0 else { return "" }
    switch self {
    case .plain:
      let count = max(1, Int(saturating: (share * Double(columns)).rounded()))
      return String(repeating: "#", count: min(columns, count))
    case .blocks:
      let eighths = min(
        8 * columns, max(1, Int(saturating: (share * Double(8 * columns)).rounded())))
      let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
      return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }
  }
}
