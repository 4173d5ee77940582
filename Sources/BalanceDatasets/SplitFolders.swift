import BalanceCore
import Foundation

/// Split folders with a folder per class in each: `ROOT/train/CLASS/…/image.jpg`, and the same
/// under `val` and `test`, as `SplitRole.init(naming:)` knows them. They may lie in another folder,
/// and the class folders in another one below them.
struct SplitFolders: ListingSource {
  static let kind = "splitFolders"

  /// Which folder below the split folder names the class, where somebody has said so.
  var classDepth: Int?

  var splitOrigin: SplitOrigin? { .folders }

  var summary: String {
    "split folders, a folder per class in each" + (classDepth.map { ", --class-depth \($0)" } ?? "")
  }

  func list(_ confinement: Confinement, threads: Int) throws(BalanceError) -> Listing {
    let container = try DatasetContainer(confinement)
    return try FolderListing.list(
      FolderLayout.split(in: container, confinement, classDepth: classDepth), confinement,
      threads: threads)
  }

  func nothingFound(_ listing: Listing, root: String) -> BalanceError {
    FolderListing.nothingFound(
      listing, summary, classDepth: classDepth, root: root)
  }

  func renewed(in root: URL) throws(BalanceError) -> DatasetSource {
    (try? DatasetSource.detect(root: root, classDepth: classDepth)) ?? DatasetSource(self)
  }
}
