public import BalanceCore

/// Where a split comes from.
public enum SplitOrigin: String, Codable, Hashable, Sendable {
  /// Made by `makeSplit`.
  case generated
  /// The dataset's own train, val and test folders.
  case folders
  /// A column of the dataset's table.
  case column
}

/// A stored split.
public struct SplitRecord: Codable, Hashable, Sendable {
  public let name: String
  public let origin: SplitOrigin
  /// What a generated split was made with; nil for the others.
  public let seed: UInt64?
  public let val: Double?
  public let test: Double?
  /// Whether the test images are those that the dataset itself says.
  public let keepsTest: Bool
  /// Images that a split with kept test images has among them though the dataset no longer does, or
  /// the other way round.
  public let strayed: Int
  /// XXH3 of 128 bits over `PATH NUL ROLE LF` of every member when it was made, sorted by path.
  public let hash: String
  /// ISO 8601, UTC.
  public let created: String
  /// Images per class in each role, by `SplitRole.rawValue`.
  public let counts: [String: ClassCounts]
  /// Members that are no images of the dataset now; each has its part again when it comes back.
  public let missing: Int
  /// Images of the dataset that are in no role.
  public let outside: Int
  /// How the dataset was read when a generated split was made, where it is read otherwise now.
  public let formerSource: String?

  public func counts(_ role: SplitRole) -> ClassCounts? { counts[role.rawValue] }
}
