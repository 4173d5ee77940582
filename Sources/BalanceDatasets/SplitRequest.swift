package import BalanceCore

/// What split is wanted.
public struct SplitRequest: Codable, Hashable, Sendable {
  /// In its canonical form.
  public let name: String
  /// Share of the images for validation, in [0, 1).
  public var val: Double
  /// Share of the images for the test, in [0, 1).
  public var test: Double
  public var seed: UInt64
  /// Whether the test images are those that the dataset itself says, and `val` is a share of those
  /// that it says are for training; `test` is 0 then.
  public var keepsTest: Bool

  public init(
    name: String = DatasetIndex.defaultSplit, val: Double, test: Double, seed: UInt64
  ) {
    self.name = CanonicalName(name)?.text ?? ""
    self.val = val
    self.test = test
    self.seed = seed
    keepsTest = false
  }

  /// Keeps the dataset's own test images and takes the validation images from its training images.
  public init(
    keepingTestAs name: String = DatasetIndex.keptTestSplit, val: Double, seed: UInt64
  ) {
    self.init(name: name, val: val, test: 0, seed: seed)
    keepsTest = true
  }

  /// The share that is wanted for a role; what is left over is for training.
  public func share(_ role: SplitRole) -> Double {
    switch role {
    case .train: 1 - val - test
    case .val: val
    case .test: test
    }
  }

  /// - Throws: `BalanceError` with code `usage` where a share is outside [0, 1), nothing is left
  ///   for training, nothing is taken from it, or the name is empty, `DatasetIndex.allImages` or
  ///   holds control characters.
  package func validate() throws(BalanceError) {
    for (option, value) in [("--val", val), ("--test", test)] {
      guard value >= 0, value < 1 else {
        throw BalanceError(
          .usage, "a share of \(value) makes no sense", at: option,
          remedy: "give a number from 0 up to, not including, 1, such as 0.15")
      }
    }
    guard val + test < 1 else {
      throw BalanceError(
        .usage, "\(val) for validation and \(test) for the test leave nothing for training",
        remedy: "make --val and --test smaller")
    }
    guard val + test > 0 else {
      throw BalanceError(
        .usage, "no share is asked for validation or the test", remedy: "give --val or --test")
    }
    guard !name.hasSameBytes(as: DatasetIndex.allImages) else {
      throw BalanceError(
        .usage, "'\(name)' means every image, whatever split it is in", at: "--name",
        remedy: "choose another name")
    }
    let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    guard !name.isEmpty, isPlain else {
      throw BalanceError(
        .usage, "the split's name is empty or holds control characters", at: "--name",
        remedy: "choose a name of letters and digits")
    }
  }
}
