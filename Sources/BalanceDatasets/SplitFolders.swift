import BalanceCore
import Foundation

/// Split folders with a folder per class in each: `ROOT/train/CLASS/…/image.jpg`, and the same
/// under `val` and `test`, as `SplitRole.init(naming:)` knows them. They may lie in another folder,
/// and the class folders in another one below them.
struct SplitFolders: ListingSource {
  static let kind = "splitFolders"

  /// Which folder below the split folder names the class, where somebody has said so.
  var classDepth: Int?

  var isChosen: Bool { classDepth != nil }

  var splitOrigin: SplitOrigin? { .folders }

  var summary: String {
    "split folders, a folder per class in each" + (classDepth.map { ", --class-depth \($0)" } ?? "")
  }

  func list(_ confinement: Confinement, threads: Int) throws(BalanceError) -> Listing {
    try FolderListing.list(layout(confinement), confinement, threads: threads)
  }

  func doubts(_ images: [Candidate], _ confinement: Confinement) throws(BalanceError)
    -> [ProblemRecord]
  {
    try DoubtfulLayout.problems(images, layout(confinement), root: confinement.root)
  }

  private func layout(_ confinement: Confinement) throws(BalanceError) -> FolderLayout {
    FolderLayout.split(
      in: try DatasetContainer(confinement), confinement, classDepth: classDepth)
  }

  func nothingFound(_ listing: Listing, root: String) -> BalanceError {
    FolderListing.nothingFound(
      listing, summary, classDepth: classDepth, root: root)
  }

  func renewed(in root: URL) throws(BalanceError) -> DatasetSource {
    (try? DatasetSource.detect(root: root, classDepth: classDepth)) ?? DatasetSource(self)
  }
}
