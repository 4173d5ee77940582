/// What tells the data that a run saw from any others: a result is used again on the same only.
public struct DataIdentity: Codable, Hashable, Sendable {
  /// In the order of the logits.
  public var classNames: [String]
  /// Of the paths and roles of the split's members.
  public var splitHash: String
  /// Of the images, in the order train, val, test: paths, contents and labels.
  public var imagesHash: String
  /// Of the images' groups, in the same order; nil where a run of an earlier version did not note
  /// it.
  public var groupsHash: String?

  public init(
    classNames: [String], splitHash: String, imagesHash: String, groupsHash: String?
  ) {
    self.classNames = classNames
    self.splitHash = splitHash
    self.imagesHash = imagesHash
    self.groupsHash = groupsHash
  }

  /// Whether both are the same data, as far as both say. Names are compared by their bytes.
  public func matches(_ other: DataIdentity) -> Bool {
    hasClasses(of: other) && splitHash == other.splitHash && imagesHash == other.imagesHash
      && (groupsHash == nil || other.groupsHash == nil || groupsHash == other.groupsHash)
  }

  /// Whether both have the same classes in the same order, byte for byte.
  public func hasClasses(of other: DataIdentity) -> Bool {
    classNames.elementsEqual(other.classNames) { $0.hasSameBytes(as: $1) }
  }
}
