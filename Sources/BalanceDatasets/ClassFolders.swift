import BalanceCore
import Foundation

/// A folder per class: `ROOT/CLASS/…/image.jpg`. Where the root holds but one folder, the classes
/// may be in that.
struct ClassFolders: ListingSource {
  static let kind = "folderPerClass"

  /// Which folder below the root names the class, where somebody has said so.
  var classDepth: Int?

  var isChosen: Bool { classDepth != nil }

  var splitOrigin: SplitOrigin? { nil }

  var summary: String {
    "a folder per class" + (classDepth.map { ", --class-depth \($0)" } ?? "")
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
    try FolderLayout.classes(confinement, classDepth: classDepth)
  }

  func nothingFound(_ listing: Listing, root: String) -> BalanceError {
    FolderListing.nothingFound(
      listing, summary, classDepth: classDepth, root: root)
  }

  func renewed(in root: URL) throws(BalanceError) -> DatasetSource {
    (try? DatasetSource.detect(root: root, classDepth: classDepth)) ?? DatasetSource(self)
  }
}
