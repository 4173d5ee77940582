import BalanceCore
package import Foundation
import GRDB

/// Where the images of an index come from, as it says itself.
struct StoredSource: Equatable {
  var source: DatasetSource
  var allowsOutside: Bool
  /// The dataset's folder at the last update.
  var root: String
}

extension DatasetIndex {
  /// Nil before the first update. A table inside of a dataset that has moved is found again.
  func storedSource() throws(BalanceError) -> StoredSource? {
    try read { db in
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT specification, allow_outside_root, root FROM source")
      else { return nil }
      let text: String = try row.decode(atIndex: 0)
      var stored = StoredSource(
        source: try CanonicalJSON.decode(DatasetSource.self, from: Data(text.utf8)),
        allowsOutside: try row.decode(atIndex: 1), root: try row.decode(atIndex: 2))
      stored.source = stored.source.moved(from: stored.root)
      return stored
    }
  }

  /// The dataset's folder at the last update; nil before the first.
  func storedRoot() throws(BalanceError) -> String? {
    try read { db in try String.fetchOne(db, sql: "SELECT root FROM source") }
  }

  /// Whether what the index says of files outside of the dataset counts: a dataset that brings its
  /// own index along cannot allow them by itself. The user has said so for this very source, or
  /// keeps the index elsewhere.
  func vouches(for stored: StoredSource) -> Bool {
    if stored.root == root.path, !isInsideDataset { return true }
    return OutsidePermission(root: root, source: stored.source, stored.allowsOutside).isGiven
  }

  /// An index that lies in its dataset's folder moves and is copied with it.
  var isInsideDataset: Bool {
    let folder = location.deletingLastPathComponent().path
    return Confinement(root: root.path, allowsOutside: false)
      .contains(real: folder) ?? true
  }
}

extension DatasetSource {
  /// As an index keeps it.
  var specification: String {
    get throws { String(decoding: try CanonicalJSON.encode(self), as: UTF8.self) }
  }

  /// The source that an index keeps as `specification`; nil where it is this one.
  func other(than specification: String) throws -> DatasetSource? {
    let source = try CanonicalJSON.decode(DatasetSource.self, from: Data(specification.utf8))
    return source == self ? nil : source
  }

  /// The files that it reads beside the images.
  package func tables(in root: URL) -> [URL] {
    let confinement = Confinement(root: root.path, allowsOutside: false)
    return listing.tables.map { URL(fileURLWithPath: confinement.absolute($0)) }
  }

  /// The first table that lies outside of the dataset.
  func tableOutside(_ root: URL) -> String? {
    let confinement = Confinement(root: root.path, allowsOutside: false)
    return listing.tables.first { confinement.contains(real: $0) == false }
  }
}

/// What a user has said of a dataset whose table, links or paths lead out of it; remembered in the
/// user's own cache, out of reach of the dataset.
struct OutsidePermission {
  private let place: URL
  private let text: String

  init(root: URL, source: DatasetSource, _ allowsOutside: Bool) {
    let specification = (try? source.specification) ?? ""
    text =
      "\(root.path)\nallow outside: \(allowsOutside)\n"
      + specification
    place = DatasetIndex.cacheFolder
      .appendingPathComponent("allowed/\(ContentHash(of: text).hex)")
  }

  var isGiven: Bool {
    guard let data = try? RegularFile.read(place, limit: 1 << 20) else { return false }
    return data == Data(text.utf8)
  }

  /// Where it cannot be written, the user is asked again the next time.
  func give() {
    try? AtomicFile.makeFolder(place.deletingLastPathComponent())
    try? AtomicFile.write(text, to: place)
  }
}
