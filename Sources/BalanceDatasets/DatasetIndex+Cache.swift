public import Foundation

extension DatasetIndex {
  /// Where decoded pixels are kept: beside the index.
  public var cacheFolder: URL { Self.cacheFolder(ofIndexAt: location) }

  package static func cacheFolder(ofIndexAt location: URL) -> URL {
    location.deletingLastPathComponent().appendingPathComponent("pixels")
  }
}
