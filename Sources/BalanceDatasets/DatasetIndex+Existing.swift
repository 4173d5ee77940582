public import BalanceCore
public import Foundation
import GRDB

extension DatasetIndex {
  /// Opens an index that is there already, where `prepare` would keep it, and does not bring it up
  /// to date.
  ///
  /// - Throws: as `open(root:at:)`, and with code `noInput` where there is none.
  public static func openExisting(root: URL, at location: URL? = nil) throws(BalanceError)
    -> DatasetIndex
  {
    let root = try resolvedRoot(root)
    func existing(_ place: URL) -> URL? { access(place.path, F_OK) == 0 ? place : nil }
    // Finding the place in the cache may mean opening every index there.
    let found =
      location.map(existing)
      ?? existing(defaultLocation(root: root)) ?? existing(cacheLocation(root: root))
    guard let place = found else {
      throw BalanceError(
        .noInput, "the dataset has no index", at: location?.path ?? root.path,
        remedy: "make one with 'balance index', or say where it is with --index FILE")
    }
    return try open(root: root, at: place)
  }

  /// The indices in the user's cache, in the order of their places, with the dataset of each: those
  /// of read-only datasets. What cannot be read is left out.
  public static func cachedIndices() -> [(root: URL, location: URL)] {
    let folder = cacheFolder
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { name in
      let place = folder.appendingPathComponent(name).appendingPathComponent("index.sqlite")
      var configuration = Configuration()
      configuration.readonly = true
      guard access(place.path, F_OK) == 0,
        let root = try? DatabaseQueue.once(
          place.path, configuration,
          { try $0.read { try String.fetchOne($0, sql: "SELECT root FROM source") } })
      else { return nil }
      return (URL(fileURLWithPath: root, isDirectory: true), place)
    }
  }
}
