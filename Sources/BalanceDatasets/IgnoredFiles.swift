import BalanceCore

/// Files of one category that are neither images nor meant to be.
public struct IgnoredFiles: Codable, Hashable, Sendable, CustomStringConvertible {
  /// What they have in common, as it follows a number: `.txt`, `hidden`, `without an ending`.
  public let category: String
  /// At least 1. Hidden folders and links count as one, whatever is below.
  public let count: Int
  /// The first of them, relative to the dataset's root.
  public let example: String

  public var description: String { "\(count) \(category)" }

  public init(category: String, count: Int, example: String) {
    self.category = category
    self.count = count
    self.example = example
  }
}

/// Counts ignored files by category.
struct IgnoredTally: Sendable {
  /// Endings that are counted one by one; more than that are no endings but numbers and names.
  private static let mostCategories = 50
  static let hidden = "hidden"
  static let listedAlready = "linking to a folder that is listed already"
  static let folderLinks = "linking to a folder"
  static let special = "special (pipes, sockets, devices)"
  static let unnamed = "not named by the table (images)"
  static let unmatched = "matching no pattern (images)"
  static let excepted = "left out by --except (images)"
  private static let noEnding = "without an ending"
  private static let others = "with other endings"

  private var counts: [String: (count: Int, example: String)] = [:]

  var total: Int { counts.values.reduce(0) { $0 + $1.count } }

  /// The most frequent category first.
  var list: [IgnoredFiles] {
    counts.map { IgnoredFiles(category: $0.key, count: $0.value.count, example: $0.value.example) }
      .sorted { ($1.count, $0.category) < ($0.count, $1.category) }
  }

  mutating func add(_ path: String, as category: String) {
    counts[category, default: (0, path)].count += 1
  }

  /// By the file's ending.
  mutating func add(_ path: String) {
    let category = FileEnding.ending(of: path).map { "." + $0 } ?? Self.noEnding
    let isOneTooMany = counts[category] == nil && counts.count >= Self.mostCategories
    add(path, as: isOneTooMany ? Self.others : category)
  }
}
