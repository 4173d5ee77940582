/// Where the bytes of an image are: a file, or a part of one that holds several.
public struct ImageLocation: Hashable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public let file: String
  /// The bytes of the image in the file; nil for all of them.
  public let range: Range<Int>?

  /// - Precondition: the range begins at 0 or later.
  public init(file: String, range: Range<Int>? = nil) {
    precondition(range?.lowerBound ?? 0 >= 0, "a range that begins at \(range?.lowerBound ?? 0)")
    self.file = file
    self.range = range
  }

  /// As errors name it: `photos/cat.jpg`, `shard.tar (512..<1536)`.
  public var description: String { range.map { "\(file) (\($0))" } ?? file }
}
