import Foundation

/// A file that should become an image of the index, as the source lists it.
struct Candidate: Sendable {
  /// Relative to the dataset's root.
  var path: String
  /// In its canonical form, as the group is.
  var label: String
  var group: String?
  var role: SplitRole?
  /// Bytes.
  var size: Int64 = 0
  /// Last change of the content, nanoseconds since 1970.
  var modified: Int64 = 0
  /// The file system's number of the file.
  var inode: Int64 = 0
  /// Last change of the content or of what is known of the file, its name included, nanoseconds
  /// since 1970. No program can set it.
  var changed: Int64 = 0

  /// Takes over what a file system says of the file.
  mutating func take(_ status: stat) {
    size = Int64(status.st_size)
    modified = status.modifiedNanoseconds
    inode = Int64(truncatingIfNeeded: status.st_ino)
    changed = status.changedNanoseconds
  }
}

/// What a source lists: files to index, and what is wrong before any file is opened.
struct Listing: Sendable {
  /// Sorted by the bytes of their paths; no path twice.
  var candidates: [Candidate] = []
  var problems: [ProblemRecord] = []
  /// Files that are neither images nor meant to be (texts, hidden files).
  var ignored = IgnoredTally()
}
