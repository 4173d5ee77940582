package import Foundation
import Synchronization

/// Files and folders that exist only until they are complete and get their final name.
///
/// Whoever writes one registers it first, so that a program which is stopped half-way can leave
/// nothing half-written behind.
package enum Scratch {
  private static let paths = Mutex<Set<String>>([])

  /// `url` is about to be written.
  package static func begin(_ url: URL) {
    paths.withLock { _ = $0.insert(url.path) }
  }

  /// `url` has got its final name or was removed.
  package static func end(_ url: URL) {
    paths.withLock { _ = $0.remove(url.path) }
  }

  /// Removes everything that is registered.
  ///
  /// Another thread may still be writing into a folder while it is being removed, so that removal
  /// is tried again a few times.
  package static func removeAll() {
    paths.withLock { paths in
      for path in paths {
        for _ in 0..<5 where FileManager.default.fileExists(atPath: path) {
          try? FileManager.default.removeItem(atPath: path)
        }
      }
      paths.removeAll()
    }
  }
}
