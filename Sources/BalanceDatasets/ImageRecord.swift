public import BalanceImages
public import Foundation

/// One image of a dataset, as the index holds it.
public struct ImageRecord: Codable, Hashable, Sendable {
  /// The index's number for the image: stable while the file stays where it is.
  public let id: Int64
  /// Where the file is, relative to the dataset's root.
  public let path: String
  /// XXH3 of 128 bits over the file's bytes, as 32 hexadecimal digits.
  public let contentHash: String
  /// The same over what the file shows: equal pixels have equal hashes whatever their format,
  /// metadata and compression.
  public let pixelHash: String
  /// The least and the greatest value of a file of 16 bits a value; nil for others.
  public let extent: ClosedRange<Int>?
  /// Size in pixels as displayed, after the EXIF orientation is applied.
  public let width: Int
  public let height: Int
  /// Channels in the file, alpha not counted: 1 for grey, 3 for colour.
  public let channels: Int
  /// The class, a position in `DatasetIndex.classNames()`.
  public let label: Int
  /// The patient, lesion, recording … that the image belongs to, or nil.
  public let group: String?

  /// - Parameter pixelHash: nil for a file that stands for itself, as its bytes do.
  public init(
    id: Int64, path: String, contentHash: String, pixelHash: String? = nil, width: Int,
    height: Int, channels: Int, extent: ClosedRange<Int>? = nil, label: Int, group: String?
  ) {
    self.id = id
    self.path = path
    self.contentHash = contentHash
    self.pixelHash = pixelHash ?? contentHash
    self.extent = extent
    self.width = width
    self.height = height
    self.channels = channels
    self.label = label
    self.group = group
  }

  /// The file's place under a dataset's root.
  public func url(root: URL) -> URL { root.appendingPathComponent(path) }

  /// Where its bytes are.
  public func location(root: URL) -> ImageLocation { ImageLocation(file: url(root: root).path) }
}
