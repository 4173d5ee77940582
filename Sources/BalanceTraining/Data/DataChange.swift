import BalanceCore
import BalanceDatasets
import Foundation

/// In what a dataset differs from what a run saw, in words: how many images, with one of each kind.
struct DataChange {
  /// A clause a kind of change; empty where there is none.
  let clauses: [String]

  var text: String { clauses.joined(separator: ", ") }

  /// - Parameters:
  ///   - folder: the run's, which keeps the list of its images.
  ///   - seen: nil where the run does not say what it saw.
  /// - Returns: nil where the data are the same.
  static func text(since seen: DataIdentity?, in folder: URL, to data: TrainingData) -> String? {
    guard let seen else { return "the run does not say which images it saw" }
    if seen.matches(data.identity) { return nil }
    if let images = SeenImages(reading: folder) {
      let change = DataChange(
        from: images, to: data.seenImages,
        classes: (seen.classNames, data.identity.classNames))
      if !change.clauses.isEmpty { return change.text }
    }
    // A run of an earlier version has no list.
    if !seen.hasClasses(of: data.identity) { return "the classes have changed" }
    if seen.splitHash != data.identity.splitHash {
      return "the split '\(data.splitName)' has changed"
    }
    return "images or their labels have changed"
  }

  init(from old: SeenImages, to new: SeenImages, classes: (old: [String], new: [String])) {
    var (newClasses, oldClasses) = (
      Tally("class is new", "classes are new"), Tally("class is gone", "classes are gone")
    )
    let (oldNames, newNames) = (
      Set(classes.old.map(ByteKey.init)), Set(classes.new.map(ByteKey.init))
    )
    for name in classes.new where !oldNames.contains(ByteKey(name)) { newClasses.add("'\(name)'") }
    for name in classes.old where !newNames.contains(ByteKey(name)) { oldClasses.add("'\(name)'") }
    var before: [ByteKey: SeenImages.Row] = [:]
    for row in old.rows { before[ByteKey(row.path)] = row }
    var labels = Tally("image has another label", "images have other labels")
    var contents = Tally("file has other contents", "files have other contents")
    var roles = Tally(
      "image is in another part of the split", "images are in other parts of the split")
    var groups = Tally("image is in another group", "images are in other groups")
    var added = Tally("image is new", "images are new")
    var gone = Tally("image is gone", "images are gone")
    for row in new.rows {
      guard let was = before.removeValue(forKey: ByteKey(row.path)) else {
        added.add("'\(row.path)'")
        continue
      }
      if !row.className.hasSameBytes(as: was.className) {
        labels.add("'\(row.path)': '\(row.className)' instead of '\(was.className)'")
      }
      if row.content != was.content { contents.add("'\(row.path)'") }
      if row.role != was.role {
        roles.add("'\(row.path)': \(row.role.rawValue) instead of \(was.role.rawValue)")
      }
      if !(row.group ?? "").hasSameBytes(as: was.group ?? "") { groups.add("'\(row.path)'") }
    }
    for row in old.rows where before[ByteKey(row.path)] != nil { gone.add("'\(row.path)'") }
    clauses = [newClasses, oldClasses, labels, contents, roles, groups, added, gone]
      .compactMap(\.clause)
  }

  /// How often something was found, and the first of it.
  private struct Tally {
    private let one: String
    private let many: String
    private var count = 0
    private var first = ""

    init(_ one: String, _ many: String) {
      self.one = one
      self.many = many
    }

    mutating func add(_ example: @autoclosure () -> String) {
      if count == 0 { first = example() }
      count += 1
    }

    var clause: String? {
      switch count {
      case 0: nil
      case 1: "1 \(one) (\(first))"
      default: "\(count) \(many) (such as \(first))"
      }
    }
  }
}
