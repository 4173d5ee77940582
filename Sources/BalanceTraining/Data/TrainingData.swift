public import BalanceCore
public import BalanceDatasets
public import Foundation

/// A dataset as training takes it: classes, images by role, and what has to be said about the
/// split.
public struct TrainingData: Sendable {
  /// The dataset folder's name.
  public let name: String
  public let root: URL
  /// The index that it was read from.
  public let index: URL
  public let classNames: [String]
  /// Training images, then validation, then test, each in the index's order; a position in this
  /// list is a position in the pixel cache.
  public let images: [ImageRecord]
  public let training: Range<Int>
  /// Empty where the split has no validation images.
  public let validation: Range<Int>
  public let test: Range<Int>
  public let splitName: String
  /// Tells these data from any others.
  public let identity: DataIdentity
  public var splitHash: String { identity.splitHash }
  /// Leaks that were let through; empty when the split is clean.
  public let allowedLeaks: [String]
  /// What the user should know of the split, a line each.
  public let notes: [String]

  /// The class of each image, in the order of `images`.
  public var labels: [Int] { images.map(\.label) }

  public var trainingCounts: ClassCounts {
    ClassCounts(names: classNames, labels: images[training].lazy.map(\.label))
  }

  /// Reads an index; nothing is written.
  ///
  /// - Parameters:
  ///   - split: the split's name; nil for the default one.
  ///   - allowLeak: whether a split that groups or equal files cross is let through.
  /// - Throws: `BalanceError`: `data` for fewer than two classes with training images, no test
  ///   images, a split with leaks, no default split, kept test images that the dataset has
  ///   changed, or a split for another reading of the dataset that has few of its images; `usage`
  ///   for an unknown split.
  public init(_ index: DatasetIndex, split: String? = nil, allowLeak: Bool = false)
    throws(BalanceError)
  {
    try index.requireTrainable()
    if split == nil, try !index.hasDefaultSplit() { throw index.lacksSplit() }
    var notes: [String] = []
    let record = try index.split(named: split ?? DatasetIndex.defaultSplit)
    let wanted = record.name
    let train = try index.images(split: wanted, role: .train)
    let val = try index.images(split: wanted, role: .val)
    let test = try index.images(split: wanted, role: .test)
    guard record.strayed == 0 else {
      throw BalanceError(
        .data,
        "the split '\(wanted)' keeps test images that the dataset has changed since: \(record.strayed) "
          + "images are among them in one of the two only", at: index.root.path,
        remedy: record.renewal(root: index.root).map { "make it again: \($0)" })
    }
    notes += try Self.notes(on: record, of: index, members: train.count + val.count + test.count)
    if val.isEmpty {
      notes.append(
        "the split has no validation images: nothing is chosen on any, and the last epoch counts"
          + Self.validationHint(record, among: try index.splits(), index))
    }
    let problems = try index.problems()
    notes += problems.doubts
    let skipped = problems.filter { $0.isSkipped && !$0.kind.concernsClass }
    if let first = skipped.first {
      let count = NumberText.counted(skipped.count, "file or row is", "files or rows are")
      notes.append(
        "\(count) left out, such as \(first.path): \(first.message); 'balance index' lists all")
    }

    name = index.root.lastPathComponent
    root = index.root
    self.index = index.location
    classNames = try index.classNames()
    images = train + val + test
    training = 0..<train.count
    validation = train.count..<train.count + val.count
    self.test = train.count + val.count..<images.count
    splitName = wanted
    identity = DataIdentity(classNames: classNames, splitHash: record.hash, images: images)
    allowedLeaks = try LeakGate.check(index, split: wanted, allowLeak: allowLeak)
    self.notes = notes
    try refuseUntrainable()
  }

  /// What is outside of a split, and what it lacks.
  ///
  /// - Throws: `BalanceError` with code `data` where the dataset is read otherwise than when the
  ///   split was made, and most of its images are in no part of it.
  private static func notes(on split: SplitRecord, of index: DatasetIndex, members: Int)
    throws(BalanceError) -> [String]
  {
    let again = split.renewal(root: index.root)
    if let outdated = split.outdated, split.outside > members {
      throw BalanceError(
        .data,
        "\(outdated): \(split.outside) of \(split.outside + members) images are in no part of it",
        at: index.root.path,
        remedy: again.map { "make it again: \($0); or name another split" })
    }
    var notes: [String] = []
    let remedy = again.map { "; make it again with '\($0)'" } ?? ""
    if let outdated = split.outdated { notes.append(outdated + remedy) }
    if split.outside > 0 {
      notes.append(
        NumberText.counted(split.outside, "image is", "images are")
          + " in no part of the split '\(split.name)'; \(split.outside == 1 ? "it is" : "they are") "
          + "left out" + (split.outdated == nil ? remedy : ""))
    }
    if split.missing > 0 {
      let images = NumberText.counted(split.missing, "image")
      notes.append(
        "\(images) of the split '\(split.name)' left the dataset since it was made: what comes back "
          + "to its place comes back to its part")
    }
    return notes
  }

  /// Where validation images may come from if the dataset brings its own split without any.
  private static func validationHint(
    _ split: SplitRecord, among splits: [SplitRecord], _ index: DatasetIndex
  ) -> String {
    guard split.origin != .generated, split.counts(.test)?.total ?? 0 > 0 else { return "" }
    if let other = splits.first(where: { $0.keepsTest && $0.strayed == 0 }) {
      return "; the split '\(other.name)' has some and the same test images: --split "
        + ShellText.word(other.name)
    }
    return
      "; 'balance split \(ShellText.word(index.root.relativePath)) --val 0.15 --keep-test' takes "
      + "some from the training images and keeps the test images"
  }

  private func refuseUntrainable() throws(BalanceError) {
    let counts = trainingCounts
    let present = counts.counts.count { $0 > 0 }
    guard present >= 2 else {
      throw BalanceError(
        .data, "the split '\(splitName)' has training images of \(present) classes, expected 2",
        at: root.path, remedy: "make another split with 'balance split'")
    }
    guard !test.isEmpty else {
      throw BalanceError(
        .data, "the split '\(splitName)' has no test images", at: root.path,
        remedy: "make another split with 'balance split --test 0.15'")
    }
  }
}
