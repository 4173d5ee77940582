/// Where a dataset's images and labels come from.
public struct DatasetSource: Hashable, Sendable {
  let listing: any ListingSource

  /// The kinds of dataset that there are.
  static let kinds: [any ListingSource.Type] = [
    ClassFolders.self, SplitFolders.self, TableSource.self,
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

  /// The table with its columns; nil where there is none.
  public var csv: CSVSource? { (listing as? TableSource)?.columns }

  /// Whether it says itself which images are for training and which for the test.
  package var bringsSplit: Bool { listing.splitOrigin != nil }

  /// What it is, in a few words.
  public var summary: String { listing.summary }

  public static func == (a: DatasetSource, b: DatasetSource) -> Bool {
    AnyHashable(a.listing) == AnyHashable(b.listing)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(listing)) }
}

/// `{KIND: {…}}`
extension DatasetSource: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    let known = Self.kinds.first { fields.contains(Key(stringValue: $0.kind)) }
    guard let kind = known else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no known kind of source"))
    }
    listing = try fields.decode(kind, forKey: Key(stringValue: kind.kind))
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(listing, forKey: Key(stringValue: type(of: listing).kind))
  }
}
