import BalanceCore
package import Foundation

extension SplitRecord {
  /// The command that makes a generated split again for what the dataset is now; nil for one that
  /// the dataset brings.
  package func renewal(root: URL) -> String? {
    guard let seed, let val, let test else { return nil }
    return "balance split \(ShellText.word(root.relativePath)) --val \(val) "
      + (keepsTest ? "--keep-test" : "--test \(test)")
      + " --seed \(seed) --name \(ShellText.word(name))"
  }

  /// What to say of a split that was made when the dataset was read otherwise; nil of others.
  package var outdated: String? {
    formerSource.map {
      "the split '\(name)' was made when the dataset was read otherwise (\($0))"
    }
  }
}
