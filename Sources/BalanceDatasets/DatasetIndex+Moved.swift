import BalanceCore
package import Foundation
import GRDB

extension DatasetIndex {
  /// Whether a dataset that was indexed in one folder is in another one now. It is known by its
  /// contents: the old place is gone, or a link to the new one, and more than half of the images
  /// that are looked at (1,000 at most, as if drawn) are in the new one under their paths and
  /// sizes.
  static func hasMoved(_ db: Database, from old: String, to root: URL) throws -> Bool {
    if let real = Confinement.realPath(old) { return real.elementsEqual(root.path.utf8) }
    let rows = try Row.fetchAll(
      db, sql: "SELECT path, size FROM image ORDER BY content_hash LIMIT 1000")
    let found = try rows.count { row in
      let path: String = try row.decode(atIndex: 0)
      var status = stat()
      return try stat(root.path + "/" + path, &status) == 0
        && row.decode(Int64.self, atIndex: 1) == Int64(status.st_size)
    }
    return rows.isEmpty || 2 * found > rows.count
  }

  /// `CACHE/balance`, where CACHE is `$XDG_CACHE_HOME` or `~/.cache`.
  static var cacheFolder: URL {
    let environment = ProcessInfo.processInfo.environment
    let cache =
      environment["XDG_CACHE_HOME"].flatMap { $0.isAbsolutePath ? URL(fileURLWithPath: $0) : nil }
      ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
    return cache.appendingPathComponent("balance")
  }

  /// Where the index of a dataset is kept that cannot be written to: `NAME-HASH/index.sqlite` in
  /// the cache folder, by the dataset's path; or where it was kept before the dataset moved.
  package static func cacheLocation(root: URL) -> URL {
    let name = root.lastPathComponent + "-" + ContentHash(of: root.path).hex.prefix(12)
    let place = cacheFolder.appendingPathComponent("\(name)/index.sqlite")
    guard access(place.path, F_OK) != 0 else { return place }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: cacheFolder.path)) ?? []
    let others = names.sorted(by: precedesInBytes).map {
      cacheFolder.appendingPathComponent("\($0)/index.sqlite")
    }
    return others.first { isIndex($0, of: root) } ?? place
  }

  private static func isIndex(_ place: URL, of root: URL) -> Bool {
    guard access(place.path, F_OK) == 0, (try? IndexFile(url: place).refuseForeign()) != nil,
      let queue = try? connect(place, patience: .seconds(1)),
      (try? IndexSchema.prepare(queue, at: place)) != nil
    else { return false }
    let answer = try? queue.read { db in
      guard let old = try String.fetchOne(db, sql: "SELECT root FROM source") else { return false }
      return try old == root.path || hasMoved(db, from: old, to: root)
    }
    return answer ?? false
  }
}
