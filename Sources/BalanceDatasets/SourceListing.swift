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
    var listing = try source.source.list(source.confinement, threads: threads)
    listing.problems += listing.lookAlikes()
    self.listing = listing
    guard !listing.candidates.isEmpty else { throw Self.nothingFound(listing, source) }
  }

  private static func nothingFound(_ listing: Listing, _ source: StoredSource) -> BalanceError {
    guard case .csv(let table) = source.source else {
      return BalanceError(
        .data,
        "no \(ImageFormat.names) image was found (looked for \(source.source.summary))",
        at: source.root,
        remedy: "put a folder of images per class into it, or choose a table with --csv")
    }
    guard let first = listing.problems.first else {
      return BalanceError(
        .data, "the table has a header and no rows", at: table.file,
        remedy: "check that it is whole, and the right one")
    }
    return BalanceError(
      .data,
      "none of the files that the table names can be used: \(listing.problems.count) problems, "
        + "the first is \(first.path.debugDescription): \(first.message)",
      at: table.file,
      remedy: first.kind != .missing
        ? first.remedy
        : first.path.contains("\\")
          ? "write the paths with / instead of \\"
          : "check --image-column, --image-root and --image-suffix")
  }
}

extension StoredSource {
  var confinement: Confinement { Confinement(root: root, allowsOutside: allowsOutside) }
}

extension DatasetSource {
  func list(_ confinement: Confinement, threads: Int) throws(BalanceError) -> Listing {
    switch self {
    case .folderPerClass:
      try FolderListing.list(confinement, splitFolders: false, threads: threads)
    case .splitFolders:
      try FolderListing.list(confinement, splitFolders: true, threads: threads)
    case .csv(let table): try CSVListing.list(table, confinement, threads: threads)
    }
  }
}
