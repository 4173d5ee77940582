import BalanceCore
import BalanceTraining
import Foundation

/// The smoothed loss over the learning rate, drawn in characters.
enum RatePlot {
  static let (columns, rows) = (64, 12)

  /// Marks are `*`, and `|` is below the suggested rate; losses above the first are cut off a
  /// little above it.
  static func text(_ test: RateRangeTest) -> String {
    guard let first = test.points.first, let last = test.points.last, first.rate < last.rate
    else { return "" }
    let losses = test.points.map(\.smoothed)
    let low = losses.min() ?? 0
    let high = max(first.smoothed + 0.1 * abs(first.smoothed - low), low + 1e-9)
    func column(_ rate: Double) -> Int {
      let share = log(rate / first.rate) / log(last.rate / first.rate)
      return min(columns - 1, max(0, Int(saturating: (share * Double(columns - 1)).rounded())))
    }
    var grid = [[Character]](
      repeating: [Character](repeating: " ", count: columns), count: rows)
    for point in test.points where point.smoothed <= high {
      let height = (point.smoothed - low) / (high - low)
      grid[min(rows - 1, max(0, Int(saturating: (1 - height) * Double(rows))))][
        column(point.rate)] = "*"
    }
    var lines = grid.enumerated().map { row, characters in
      let label =
        row == 0
        ? String(format: "%8.3f", high) : row == rows - 1 ? String(format: "%8.3f", low) : ""
      return label.padding(toLength: 8, withPad: " ", startingAt: 0) + " |" + String(characters)
    }
    var axis = [Character](repeating: "-", count: columns)
    if let suggestion = test.suggestion { axis[column(suggestion.rate)] = "|" }
    lines.append("loss     +" + String(axis))
    let left = String(format: "%.1e", first.rate)
    let right = String(format: "%.1e", last.rate) + "  rate"
    lines.append(
      "          " + left + String(repeating: " ", count: columns - left.count - 7) + right)
    return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }
      .joined(separator: "\n")
  }
}
