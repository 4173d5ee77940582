import BalanceDatasets
import Foundation

extension DatasetIndex {
  /// Where decoded pixels are kept: beside the index.
  var cacheFolder: URL { Self.cacheFolder(ofIndexAt: location) }

  static func cacheFolder(ofIndexAt location: URL) -> URL {
    location.deletingLastPathComponent().appendingPathComponent("pixels")
  }
}
