public import BalanceCore

/// Where a dataset's images and labels come from.
public struct DatasetSource: Hashable, Sendable {
  let listing: any ListingSource
  /// What in the images' paths names their groups; nil where nothing does.
  var groups: PathPattern?

  /// The kinds of dataset that there are.
  static let kinds: [any ListingSource.Type] = [
    ClassFolders.self, SplitFolders.self, TableSource.self, PatternSource.self,
  ]

  init(_ listing: any ListingSource) { self.listing = listing }

  /// `ROOT/CLASS/…/image.jpg`
  public static let folderPerClass = DatasetSource(ClassFolders())
  /// `ROOT/train/CLASS/…/image.jpg`, and the same under `val` and `test`.
  public static let splitFolders = DatasetSource(SplitFolders())

  /// Rows of a table.
  public static func csv(_ table: CSVSource) -> DatasetSource {
    DatasetSource(TableSource(columns: table))
  }

  /// Images whose paths match one of the patterns, the first that does, and none of `except`.
  ///
  /// - Throws: `BalanceError` with code `usage` where a pattern has no `{class}`, or one of
  ///   `except` has placeholders.
  public static func pattern(_ patterns: [PathPattern], except: [PathPattern] = [])
    throws(BalanceError) -> DatasetSource
  {
    DatasetSource(try PatternSource(patterns, except: except))
  }

  /// The table with its columns; nil where there is none.
  public var csv: CSVSource? { (listing as? TableSource)?.columns }

  /// Whether it says itself which images are for training and which for the test.
  package var bringsSplit: Bool { listing.splitOrigin != nil }

  /// Whether somebody has chosen it, or what names its groups, and it so holds on.
  package var isChosen: Bool { listing.isChosen || groups != nil }

  /// What it is, in a few words.
  public var summary: String {
    listing.summary + (groups.map { ", groups from '\($0.text)'" } ?? "")
  }

  public static func == (a: DatasetSource, b: DatasetSource) -> Bool {
    AnyHashable(a.listing) == AnyHashable(b.listing) && a.groups == b.groups
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(AnyHashable(listing))
    hasher.combine(groups)
  }
}

/// `{KIND: {…}}`, with the pattern of the groups beside it.
extension DatasetSource: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }

    static let groups = Key(stringValue: "groupPattern")
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    let known = Self.kinds.first { fields.contains(Key(stringValue: $0.kind)) }
    guard let kind = known else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no known kind of source"))
    }
    listing = try fields.decode(kind, forKey: Key(stringValue: kind.kind))
    groups = try fields.decodeIfPresent(PathPattern.self, forKey: .groups)
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(listing, forKey: Key(stringValue: type(of: listing).kind))
    try fields.encodeIfPresent(groups, forKey: .groups)
  }
}
