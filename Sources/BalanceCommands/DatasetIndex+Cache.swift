import Datasets
import Foundation

extension DatasetIndex {
  /// Where decoded pixels are kept: beside the index.
  var cacheFolder: URL { location.deletingLastPathComponent().appendingPathComponent("pixels") }
}
