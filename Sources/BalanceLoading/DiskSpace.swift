import Foundation

/// Room on disks, in bytes.
package enum DiskSpace {
  /// What this user may still write to the disk of a folder; nil where that is not known.
  static func free(at folder: URL) -> Int? {
    var status = statvfs()
    guard statvfs(folder.path, &status) == 0 else { return nil }
    let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(
      by: UInt64(status.f_frsize))
    return overflow ? nil : Int(exactly: bytes)
  }

  /// `2.6 GB`
  package static func text(_ bytes: Int) -> String {
    let formatter = ByteCountFormatter()
    formatter.countStyle = .file
    // Otherwise 0 becomes "Zero KB".
    formatter.allowsNonnumericFormatting = false
    return formatter.string(fromByteCount: Int64(bytes))
  }
}
