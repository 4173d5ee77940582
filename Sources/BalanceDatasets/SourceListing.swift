import BalanceCore
import BalanceImages
import Foundation

/// What a source lists in a dataset's folder.
struct SourceListing {
  let source: StoredSource
  let listing: Listing

  /// - Throws: `BalanceError`: as `DatasetIndex.update`, where nothing can be listed.
  init(_ source: StoredSource, threads: Int) throws(BalanceError) {
    self.source = source
    var listing = try source.source.listing.list(source.confinement, threads: threads)
    guard !listing.candidates.isEmpty else {
      throw source.source.listing.nothingFound(listing, root: source.root)
    }
    if let pattern = source.source.groups { try listing.group(by: pattern) }
    listing.problems += listing.lookAlikes()
    self.listing = listing
  }

  /// What is doubtful about the reading.
  ///
  /// - Parameter unusable: the paths of files that turned out to be no images that can be used.
  func doubts(unusable: Set<ByteKey>) throws(BalanceError) -> [ProblemRecord] {
    try source.source.listing.doubts(
      listing.candidates.filter { !unusable.contains(ByteKey($0.path)) }, source.confinement)
  }
}

extension StoredSource {
  var confinement: Confinement { Confinement(root: root, allowsOutside: allowsOutside) }
}
