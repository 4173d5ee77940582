public import BalanceCore
public import Foundation
import GRDB

extension DatasetIndex {
  /// Opens a dataset's index and brings it up to date: what a command does that takes any folder,
  /// indexed before or not.
  ///
  /// Where no place is given and the dataset is read-only, the index is kept in the user's cache
  /// instead, and a note of `progress` says where.
  ///
  /// - Parameters:
  ///   - location: the index's file, or nil.
  ///   - source: nil takes the source of the last update, or else detects it.
  ///   - refresh: whether an index that is complete is compared with the disk again. That takes
  ///     no reading of files that have not changed.
  ///   - allowOutsideRoot: nil keeps what was said at the last update; at first it is false.
  /// - Throws: as `open(root:at:)`, `DatasetSource.detect(root:)` and `update`.
  public static func prepare(
    root: URL, at location: URL? = nil, source: DatasetSource? = nil, refresh: Bool = true,
    allowOutsideRoot: Bool? = nil, threads: Int, progress: any BalanceCore.ProgressReporting
  ) throws(BalanceError) -> DatasetIndex {
    let root = try resolvedRoot(root)
    let standard = defaultLocation(root: root)
    var place = location
    if place == nil, !isWritable(root, standard) {
      let cached = cacheLocation(root: root)
      if access(cached.path, F_OK) != 0 {
        progress.note("the dataset is read-only: its index is kept in \(cached.path)")
      }
      place = cached
    }
    return try openAndUpdate(
      root: root, at: place, source: source, refresh: refresh, allowOutsideRoot: allowOutsideRoot,
      threads: threads, progress: progress
    ).index
  }

  /// As `prepare`, but only at the place that is given, and with what the update did; nil where
  /// there was none.
  ///
  /// A failure leaves no new index behind, unless it holds images already.
  package static func openAndUpdate(
    root: URL, at place: URL?, source: DatasetSource?, refresh: Bool, allowOutsideRoot: Bool?,
    threads: Int, progress: any BalanceCore.ProgressReporting
  ) throws(BalanceError) -> (index: DatasetIndex, summary: IndexSummary?) {
    let root = try resolvedRoot(root)
    let isNew = access((place ?? defaultLocation(root: root)).path, F_OK) != 0
    let detected = isNew && source == nil ? try DatasetSource.detect(root: root) : nil
    let index = try open(root: root, at: place)
    do throws(BalanceError) {
      let stored = try index.storedSource()
      if !refresh, source == nil || source == stored?.source, try index.isComplete() {
        return (index, nil)
      }
      var wanted = source ?? stored?.source ?? detected
      if wanted == nil { wanted = try DatasetSource.detect(root: root) }
      guard let wanted else { return (index, nil) }
      let summary = try index.update(
        source: wanted, allowOutsideRoot: allowOutsideRoot ?? stored?.allowsOutside ?? false,
        threads: threads, progress: progress)
      return (index, summary)
    } catch {
      if isNew { index.removeIfEmpty() }
      throw error
    }
  }

  /// Closes the index and removes its files, and the folder if nothing else is in it.
  private func removeIfEmpty() {
    guard let images = try? images(), images.isEmpty, (try? queue.close()) != nil else { return }
    for ending in ["", "-wal", "-shm"] { unlink(location.path + ending) }
    rmdir(location.deletingLastPathComponent().path)
  }

  /// `CACHE/balance/NAME-HASH/index.sqlite`, where CACHE is `$XDG_CACHE_HOME` or `~/.cache`.
  package static func cacheLocation(root: URL) -> URL {
    let name = root.lastPathComponent + "-" + ContentHash(of: root.path).hex.prefix(12)
    return cacheFolder.appendingPathComponent("\(name)/index.sqlite")
  }

  /// `CACHE/balance`
  static var cacheFolder: URL {
    let environment = ProcessInfo.processInfo.environment
    let cache =
      environment["XDG_CACHE_HOME"].flatMap { $0.isAbsolutePath ? URL(fileURLWithPath: $0) : nil }
      ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
    return cache.appendingPathComponent("balance", isDirectory: true)
  }

  /// Throws unless there is something to learn: at least two classes.
  ///
  /// - Throws: `BalanceError` with code `data`.
  public func requireTrainable() throws(BalanceError) {
    let counts = try counts()
    guard counts.classCount != 1 else {
      throw BalanceError(
        .data, "the dataset has a single class, '\(counts.names[0])', and a classifier needs two",
        at: root.path, remedy: "check that each class has its own folder, or the label column")
    }
    guard counts.total > 0 else {
      let problems = try problems()
      let first = problems.first.map { ": \($0.path.debugDescription) \($0.message)" } ?? ""
      throw BalanceError(
        .data, "the dataset has no image that can be used\(first)", at: root.path,
        remedy: "see 'balance analyze' for what is wrong with each file")
    }
  }
}
