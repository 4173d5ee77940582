package import BalanceCore
package import Foundation

/// A folder that one process works in; free again when the process ends, however it ends.
///
/// Where folders cannot be locked, as on some network disks, there is no protection.
package final class FolderLock: Sendable {
  /// Whether the folder was made for the lock.
  let madeFolder: Bool
  /// Negative where there is no protection.
  private let descriptor: Int32

  /// Locks a folder, which is made if it is not there, together with those above it.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate` where another process holds it or it cannot
  ///   be made.
  package init(making url: URL) throws(BalanceError) {
    try AtomicFile.makeFolder(url.deletingLastPathComponent())
    while true {
      let made = mkdir(url.path, 0o777) == 0
      if !made, errno != EEXIST { try AtomicFile.makeFolder(url) }
      guard let descriptor = try Self.acquire(url) else {
        // A link that leads nowhere stays, and is named.
        var status = stat()
        let isLink = lstat(url.path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
        if isLink { try AtomicFile.makeFolder(url) }
        continue
      }
      self.descriptor = descriptor
      madeFolder = made
      return
    }
  }

  /// Locks a folder; does nothing where there is none.
  ///
  /// - Throws: `BalanceError` with code `cannotCreate` where another process holds it.
  init(existing url: URL) throws(BalanceError) {
    madeFolder = false
    descriptor = try Self.acquire(url) ?? -1
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// A descriptor that holds the lock; negative without protection; nil where the folder that was
  /// locked is no longer the one that is there: its last holder has removed it.
  private static func acquire(_ url: URL) throws(BalanceError) -> Int32? {
    let descriptor = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT ? nil : -1 }
    // Who only asks whether a folder is busy holds it for a moment.
    for attempt in 1... {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { break }
      guard errno == EWOULDBLOCK else { return descriptor }
      guard attempt < 20 else {
        close(descriptor)
        throw BalanceError(
          .cannotCreate, "another process works in this folder", at: url.path,
          remedy: "wait for it, or choose another --out")
      }
      usleep(10_000)
    }
    var held = stat()
    if fstat(descriptor, &held) == 0, FileIdentity(held) == FileIdentity(url) {
      return descriptor
    }
    close(descriptor)
    return nil
  }
}
