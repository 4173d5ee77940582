import BalanceCore

/// A stage that `Augmentation(parsing:)` reads.
protocol SpelledStage: PixelStage {
  /// How it may be written.
  static var example: String { get }

  /// - Parameter option: what stands behind the name and a colon; nil where there is no colon.
  /// - Throws: `BalanceError` with code `usage`.
  init(option: String?) throws(BalanceError)
}

extension SpelledStage {
  /// An error about the option, which is quoted with its name.
  static func refused(_ option: String?, _ expected: String) -> BalanceError {
    BalanceError(
      .usage, "'\(name)\(option.map { ":" + $0 } ?? "")': \(name) \(expected)",
      remedy: "write it as \(example)")
  }
}

/// The stages that have a spelling.
enum StageCatalog {
  static let stages: [any SpelledStage.Type] = [
    Rotation.self, PaddedCrop.self, HorizontalFlip.self,
  ]
}
