import BalanceCore
import Foundation

/// A folder per class: `ROOT/CLASS/…/image.jpg`.
struct ClassFolders: ListingSource {
  static let kind = "folderPerClass"

  var splitOrigin: SplitOrigin? { nil }
  var summary: String { "a folder per class" }

  func list(_ confinement: Confinement, threads: Int) throws(BalanceError) -> Listing {
    try FolderListing.list(confinement, splitFolders: false, threads: threads)
  }

  func nothingFound(_ listing: Listing, root: String) -> BalanceError {
    FolderListing.nothingFound(summary, root: root)
  }

  func renewed(in root: URL) throws(BalanceError) -> DatasetSource {
    (try? DatasetSource.detect(root: root)) ?? DatasetSource(self)
  }
}
