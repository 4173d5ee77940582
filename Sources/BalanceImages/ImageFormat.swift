import BalanceCore

/// A kind of image file that is read, with all that the program knows of it.
///
/// Each has a file of its own in `Formats` and a place in `all`; whatever lists, detects, decodes
/// or names image files asks here.
public struct ImageFormat: Sendable {
  /// As the index and `ImageHeader` keep it, in lower case: it never changes.
  public let id: String
  /// As messages write it: `JPEG`.
  public let name: String
  /// How the names of its files end, in lower case, without the dot.
  public let endings: [String]
  /// Whether a file that begins so is of this format, from at most `telltaleBytes` bytes.
  let isBegun: @Sendable (ByteView) -> Bool
  /// What a whole file says of its pixels as they are stored, before any of them is decoded.
  let header: @Sendable (ByteView) throws(BalanceError) -> StoredShape
  let decode: Decoder

  /// Fills `[height, width, channels]` values of a whole file as they are stored, all of them:
  /// `UInt16` where the shape's depth is 16, otherwise `UInt8`.
  ///
  /// Returns clauses on what is odd about a file whose picture is whole. Throws `damaged(_:)`
  /// where any pixel is lost.
  typealias Decoder =
    @Sendable (ByteView, StoredShape, UnsafeMutableRawBufferPointer) throws(BalanceError) ->
    [String]

  /// How many of a file's first bytes tell its format.
  package static let telltaleBytes = 32

  /// The error for a file of this format that lost something.
  func damaged(_ what: String) -> BalanceError {
    BalanceError(.data, "damaged \(name): \(what)", remedy: "replace or remove the file")
  }
}

extension ImageFormat: Hashable {
  public static func == (a: ImageFormat, b: ImageFormat) -> Bool { a.id == b.id }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension ImageFormat: Codable {
  /// - Throws: `BalanceError` for the id of no format that is read.
  public init(from decoder: any Swift.Decoder) throws {
    let id = try decoder.singleValueContainer().decode(String.self)
    guard let format = Self.all.first(where: { $0.id == id }) else {
      throw Suggestion.unknown("image format", id, among: Self.all.map(\.id))
    }
    self = format
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(id)
  }
}
