package import BalanceCore

/// The images in a folder that is no dataset, and what else is there.
package struct ImageFolder {
  /// Relative to the folder, sorted by bytes.
  package let images: [String]
  /// Folders and files that cannot be looked at.
  package let problems: [ProblemRecord]
  /// Everything else, the most frequent category first.
  package let ignored: [IgnoredFiles]

  /// Links are followed wherever they lead: whoever names a folder means what is in it.
  ///
  /// - Throws: `BalanceError` with code `noInput` where the folder itself cannot be read.
  package init(_ folder: String) throws(BalanceError) {
    _ = try FolderEntries(folder)
    var walk = FolderWalk(Confinement(root: folder, allowsOutside: true))
    walk.walk("")
    for other in walk.problems where other.kind == .unsupported { walk.ignored.add(other.path) }
    images = walk.images.sorted(by: precedesInBytes)
    problems = walk.problems.filter { $0.kind != .unsupported }
    ignored = walk.ignored.list
  }
}
