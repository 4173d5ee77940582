import BalanceCore
import BalanceDatasets
import Foundation

/// Refuses a split that groups or equal files cross: scores on leaked images are too good.
enum LeakGate {
  /// At most this many leaks are written into a record one by one.
  private static let listed = 100

  /// The leaks that were let through, one line each; empty when the split is clean.
  ///
  /// - Throws: `BalanceError` with code `data` where there are leaks and `allowLeak` is false.
  static func check(_ index: DatasetIndex, split: String, allowLeak: Bool)
    throws(BalanceError) -> [String]
  {
    let leaks = try index.leaks(split: split)
    guard let first = leaks.first else { return [] }
    guard allowLeak else {
      let more = leaks.count > 1 ? ", and \(leaks.count - 1) more" : ""
      throw BalanceError(
        .data, "the split '\(split)' leaks: \(first.summary)\(more)", at: index.root.path,
        remedy: "make a clean one with 'balance split --name clean' and --split clean, "
          + "or train all the same with --allow-leak, which the report will say")
    }
    var lines = leaks.prefix(listed).map(\.summary)
    if leaks.count > listed { lines.append("and \(leaks.count - listed) more leaks") }
    return lines
  }
}
