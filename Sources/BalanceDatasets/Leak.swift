/// Something that is in more than one role of a split, so that a test on it flatters.
public struct Leak: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Hashable, Sendable {
    /// Images of one group (a patient, a lesion).
    case group
    /// Files with the same pixels.
    case duplicate
  }

  public let kind: Kind
  /// The group's name, or the pixels' hash.
  public let key: String
  /// Images of it in each role, by `SplitRole.rawValue`; at least two roles.
  public let roles: [String: Int]
  /// Paths of its images, at most ten.
  public let examples: [String]

  /// `group "HAM_0000118" stands in train (2) and test (1)`
  public var summary: String {
    let places = SplitRole.allCases.compactMap { role in
      roles[role.rawValue].map { "\(role.rawValue) (\($0))" }
    }.joined(separator: " and ")
    return switch kind {
    case .group: "group \(key.debugDescription) stands in \(places)"
    case .duplicate:
      "the same picture stands in \(places), for example \((examples.first ?? "").debugDescription)"
    }
  }
}

/// Files with the same pixels: equal to the byte, or in other formats, with other metadata or
/// another compression.
public struct DuplicateSet: Codable, Hashable, Sendable {
  /// XXH3 of 128 bits over what the files show, as 32 hexadecimal digits.
  public let pixelHash: String
  /// Sorted; at least two.
  public let paths: [String]
  /// The classes that these files are in, sorted; more than one is a contradiction.
  public let classes: [String]

  public var isConflicting: Bool { classes.count > 1 }
}
