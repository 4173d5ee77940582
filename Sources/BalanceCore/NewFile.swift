package import Foundation

/// Makes files that were not there before.
///
/// `FileManager.createFile` is not for this: it makes a file under a hidden name of its own and
/// renames it, and a process that is killed in between leaves a file that nobody knows.
package enum NewFile {
  /// Makes an empty file under its own name from the beginning.
  ///
  /// - Returns: a descriptor to write with, which the caller closes.
  /// - Throws: the system's reason; `EEXIST` where there is a file already.
  package static func create(_ path: String) throws(POSIXError) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return descriptor
  }
}
