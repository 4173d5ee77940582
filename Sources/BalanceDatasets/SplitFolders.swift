import BalanceCore
import Foundation

/// Split folders with a folder per class in each: `ROOT/train/CLASS/…/image.jpg`, and the same
/// under `val` and `test`.
struct SplitFolders: ListingSource {
  static let kind = "splitFolders"

  var splitOrigin: SplitOrigin? { .folders }
  var summary: String { "split folders, a folder per class in each" }

  func list(_ confinement: Confinement, threads: Int) throws(BalanceError) -> Listing {
    try FolderListing.list(confinement, splitFolders: true, threads: threads)
  }

  func nothingFound(_ listing: Listing, root: String) -> BalanceError {
    FolderListing.nothingFound(summary, root: root)
  }

  func renewed(in root: URL) throws(BalanceError) -> DatasetSource {
    (try? DatasetSource.detect(root: root)) ?? DatasetSource(self)
  }
}
