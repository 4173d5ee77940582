import BalanceCore
import BalanceDatasets
import BalanceLoading
import Foundation

/// A dataset's cache as `balance cache` finds or leaves it.
struct CachePlace: Encodable {
  let dataset: String
  let folder: String
  /// Images in the index; none where the dataset is gone.
  let images: Int
  /// What is left.
  private(set) var files: [PixelCacheFolder.File] = []
  private(set) var removed: [PixelCacheFolder.File] = []
  private(set) var failures: [PixelCacheFolder.Failure] = []

  /// - Parameter isUnwanted: says what is removed; nil for nothing.
  /// - Throws: `BalanceError` where the dataset is there and its index cannot be read.
  init(root: URL, index location: URL, removing isUnwanted: ((PixelCacheFolder.File) -> Bool)?)
    throws(BalanceError)
  {
    let isThere = FileManager.default.fileExists(atPath: root.path)
    let hashes =
      isThere
      ? try DatasetIndex.openExisting(root: root, at: location).images().map(\.contentHash) : []
    let cache = PixelCacheFolder(DatasetIndex.cacheFolder(ofIndexAt: location))
    dataset = root.path
    folder = cache.url.path
    images = hashes.count
    for file in cache.files(for: hashes) {
      guard let isUnwanted, isUnwanted(file) else {
        files.append(file)
        continue
      }
      if let failure = cache.remove(file) {
        failures.append(failure)
        files.append(file)
      } else {
        removed.append(file)
      }
    }
  }
}
