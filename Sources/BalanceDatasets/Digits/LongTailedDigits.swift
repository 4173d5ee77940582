public import BalanceCore
import BalanceImages
public import Foundation

/// The built-in digits as an image folder whose training set is long-tailed:
/// `ROOT/{train,val,test}/DIGIT/*.png`.
///
/// The training set has n_c = int(N_max · μ^(c / 9)) images of digit c, 150 down to 3; the
/// validation and test sets have as many images of each digit, so that rare digits are judged as
/// well as common ones. Which images go where is drawn once, by `seed`.
public struct LongTailedDigits: Sendable {
  /// Images of digit 0 in the training set, N_max.
  public var maximum = 150
  /// n_max / n_min, 1 / μ.
  public var imbalanceRatio = 50.0
  /// Images of each digit in the validation set.
  public var validation = 8
  /// Images of each digit in the test set.
  public var test = 20
  public var seed: UInt64 = 0

  public init() {}

  /// The file that says where the images come from; it is beside the dataset.
  public static let creditFile = "digits-CREDIT.txt"

  /// Writes the dataset, whole or not at all. A dataset that is there already is replaced only
  /// if its credit shows that it was written by this function.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate` where `root` cannot be written, or is
  ///   something else.
  public func write(to root: URL) throws(BalanceError) {
    let parent = root.deletingLastPathComponent()
    let credit = parent.appendingPathComponent(Self.creditFile)
    let manager = FileManager.default
    if manager.fileExists(atPath: root.path), !manager.fileExists(atPath: credit.path) {
      throw BalanceError(
        .cannotCreate, "exists, and was not written by this program", at: root.path,
        remedy: "choose another place with --to")
    }
    try AtomicFile.makeFolder(parent)
    let temporary = parent.appendingPathComponent(".\(root.lastPathComponent).partial")
    Scratch.begin(temporary)
    defer {
      try? manager.removeItem(at: temporary)
      Scratch.end(temporary)
    }
    try? manager.removeItem(at: temporary)
    let digits = try Digits()
    for (role, images) in try members(digits) {
      for digit in 0..<Digits.classCount {
        try AtomicFile.makeFolder(temporary.appendingPathComponent("\(role.rawValue)/\(digit)"))
      }
      for image in images {
        let name = "\(role.rawValue)/\(digits.labels[image])/\(Self.fileName(image))"
        try Self.put(Self.png(digits.image(image)), at: temporary.appendingPathComponent(name))
      }
    }
    try AtomicFile.write(Digits.credit + "\n", to: credit)
    try? manager.removeItem(at: root)
    guard rename(temporary.path, root.path) == 0 else {
      throw BalanceError(
        .cannotCreate, "the digits cannot be put there (\(String(cString: strerror(errno))))",
        at: root.path, remedy: "choose another place with --to")
    }
  }

  /// The images of each role, as positions in `digits`.
  ///
  /// - Throws: `BalanceError` with code `usage` if a digit has too few images for what is asked.
  func members(_ digits: Digits) throws(BalanceError) -> [(SplitRole, [Int])] {
    let counts = longTailCounts(
      maximum: maximum, classes: Digits.classCount, imbalanceRatio: imbalanceRatio)
    var members: [SplitRole: [Int]] = [:]
    for digit in 0..<Digits.classCount {
      var generator = KeyedGenerator(seed: seed, .subset, digit)
      let images = digits.labels.indices.filter { digits.labels[$0] == digit }
        .shuffled(using: &generator)
      let wanted: [(SplitRole, Int)] = [
        (.test, test), (.val, validation), (.train, counts[digit]),
      ]
      let sum = wanted.reduce(0) { $0 + $1.1 }
      guard sum <= images.count else {
        throw BalanceError(
          .usage, "digit \(digit) has \(images.count) images, and \(sum) are asked")
      }
      var start = 0
      for (role, count) in wanted {
        members[role, default: []] += images[start..<start + count].sorted()
        start += count
      }
    }
    return SplitRole.allCases.map { ($0, members[$0] ?? []) }
  }

  /// Ink of 0...16 as grey levels 0...255.
  private static func png(_ ink: ArraySlice<UInt8>) throws(BalanceError) -> Data {
    try PNGEncoder.encode(
      PixelImage(
        width: Digits.side, height: Digits.side, channels: 1,
        pixels: ink.map { UInt8((Int($0) * 255 + 8) / 16) }))
  }

  private static func fileName(_ image: Int) -> String {
    let digits = "\(image)"
    return "digit-" + String(repeating: "0", count: 4 - digits.count) + digits + ".png"
  }

  /// Files of a folder that is renamed when it is whole need no care of their own.
  private static func put(_ data: Data, at url: URL) throws(BalanceError) {
    do { try data.write(to: url) } catch {
      throw BalanceError(
        .cannotCreate, "cannot be written", at: url.path,
        remedy: "check that the disk has space, or choose another place with --to")
    }
  }
}
