import BalanceCore
import BalanceImages
import Foundation

/// Finds the image files in a folder and everything below it: the one walk of all that looks for
/// images. Nothing is passed over without being counted or named.
///
/// Links to folders are followed, none twice.
struct FolderWalk {
  let confinement: Confinement
  /// Relative to the root, in the order of the walk.
  var images: [String] = []
  var problems: [ProblemRecord] = []
  var ignored = IgnoredTally()
  /// Files that are known already, and neither listed nor counted.
  var accounted: Set<ByteKey> = []
  /// Device and inode of the folders above and beside, so that a link cannot lead round.
  private var visited: Set<FileIdentity> = []
  private let isPeeking: Bool
  private let isFollowing: Bool

  /// - Parameters:
  ///   - isPeeking: whether files whose names say nothing are opened: where their first bytes are
  ///     an image's, they count as images.
  ///   - isFollowing: whether links to folders are followed.
  init(_ confinement: Confinement, isPeeking: Bool = true, isFollowing: Bool = true) {
    self.confinement = confinement
    self.isPeeking = isPeeking
    self.isFollowing = isFollowing
  }

  /// Forgets where it has been, but for these folders, which links cannot lead back to.
  mutating func restart(below folders: [String]) {
    visited.removeAll(keepingCapacity: true)
    for folder in folders { _ = try? enter(folder) }
  }

  /// - Parameter folder: relative to the root; empty for the root itself.
  mutating func walk(_ folder: String) {
    let absolute = confinement.absolute(folder)
    let entries: FolderEntries
    do throws(BalanceError) {
      guard try enter(folder) else {
        return ignored.add(folder, as: IgnoredTally.listedAlready)
      }
      if confinement.contains(real: folder) == false {
        return problems.append(FileStatus.outside(folder))
      }
      entries = try FolderEntries(absolute)
    } catch {
      return problems.append(FileStatus.unreadable(folder: folder, error))
    }
    note(entries, in: folder)
    for entry in entries.entries { visit(entry, entries, in: folder) }
  }

  /// Names that are not followed up: hidden ones, and such as are not UTF-8.
  mutating func note(_ entries: FolderEntries, in folder: String) {
    // The index's own folder is no part of the dataset.
    for name in entries.hidden where !(folder.isEmpty && name == ".balance") {
      ignored.add(folder.appendingPath(name), as: IgnoredTally.hidden)
    }
    for name in entries.badNames {
      problems.append(
        ProblemRecord(
          path: folder.appendingPath(name), kind: .badName, message: "the name is not UTF-8",
          remedy: "rename the file or folder; it is left out with all that is in it"))
    }
  }

  private mutating func visit(
    _ entry: FolderEntries.Entry, _ entries: FolderEntries, in folder: String
  ) {
    let path = folder.appendingPath(entry.name)
    let ending = FileEnding(entry.name)
    switch entries.place(of: entry, in: confinement.absolute(folder)) {
    case .folder where entry.kind == .link && !isFollowing:
      ignored.add(path, as: IgnoredTally.folderLinks)
    case .folder: walk(path)
    case _ where !accounted.isEmpty && accounted.contains(ByteKey(path)): break
    case .nowhere(let code) where ending != .image:
      problems.append(FileStatus.missing(path, code))
    // What has an image's ending is looked at once more, with all its like: see `FileStatus`.
    case .file where ending == .image, .special where ending == .image, .nowhere:
      images.append(path)
    case .file where ending == .unsupported:
      problems.append(
        ProblemRecord(
          path: path, kind: .unsupported, message: "is in a format that is not read",
          remedy: "convert it to \(ImageFormat.names)"))
    case .file where ending == .unknown && isPeeking && isLikelyImage(path): images.append(path)
    case .file: ignored.add(path)
    case .special: ignored.add(path, as: IgnoredTally.special)
    }
  }

  /// Whether a folder is new to this walk.
  private mutating func enter(_ folder: String) throws(BalanceError) -> Bool {
    var status = stat()
    guard stat(confinement.absolute(folder), &status) == 0 else {
      throw BalanceError(
        .noInput, "the folder cannot be looked up (\(String(cString: strerror(errno))))",
        at: folder)
    }
    return visited.insert(FileIdentity(status)).inserted
  }

  private func isLikelyImage(_ path: String) -> Bool {
    let descriptor = open(confinement.absolute(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return withUnsafeTemporaryAllocation(byteCount: ImageFormat.telltaleBytes, alignment: 8) {
      let count = read(descriptor, $0.baseAddress, $0.count)
      return count > 0
        && ImageFormat.isLikely(beginning: UnsafeRawBufferPointer(rebasing: $0[..<count]))
    }
  }
}
