import BalanceCore
import Foundation

/// A folder per class: `ROOT/CLASS/…/image.jpg`. Where the root holds but one folder, the classes
/// may be in that.
struct ClassFolders: ListingSource {
  static let kind = "folderPerClass"

  /// Which folder below the root names the class, where somebody has said so.
  var classDepth: Int?

  var splitOrigin: SplitOrigin? { nil }

  var summary: String {
    "a folder per class" + (classDepth.map { ", --class-depth \($0)" } ?? "")
  }

  func list(_ confinement: Confinement, threads: Int) throws(BalanceError) -> Listing {
    try FolderListing.list(
      FolderLayout.classes(confinement, classDepth: classDepth), confinement, threads: threads)
  }

  func nothingFound(_ listing: Listing, root: String) -> BalanceError {
    FolderListing.nothingFound(
      listing, summary, classDepth: classDepth, root: root)
  }

  func renewed(in root: URL) throws(BalanceError) -> DatasetSource {
    (try? DatasetSource.detect(root: root, classDepth: classDepth)) ?? DatasetSource(self)
  }
}
