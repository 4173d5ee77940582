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
  ///   - groups: what in the images' paths names their groups; nil takes that of `source`.
  ///   - refresh: whether an index that is complete is compared with the disk again. That takes
  ///     no reading of files that have not changed.
  ///   - allowOutsideRoot: nil keeps what was said at the last update; at first it is false.
  ///   - threads: that read files; nil for all cores.
  /// - Throws: as `open(root:at:)`, `DatasetSource.detect(root:)` and `update`; with code `data`
  ///   where an index inside of the dataset lets it lead out of its folder and the user has not.
  public static func prepare(
    root: URL, at location: URL? = nil, source: DatasetSource? = nil,
    groups: PathPattern? = nil, refresh: Bool = true, allowOutsideRoot: Bool? = nil,
    threads: Int? = nil, progress: any ProgressReporter = SilentProgress()
  ) throws(BalanceError) -> DatasetIndex {
    let threads = threads ?? MachineLimits.cores
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
      root: root, at: place, source: source, groups: groups, refresh: refresh,
      allowOutsideRoot: allowOutsideRoot, threads: threads, progress: progress
    ).index
  }

  /// As `prepare`, but only at the place that is given, and with what the update did; nil where
  /// there was none.
  ///
  /// A new index is made when there is something to keep in it: a failure leaves none behind, and
  /// none is ever removed, since another process may have begun to use it.
  ///
  /// - Parameter rereads: whether files are read again that seem to be as they were.
  package static func openAndUpdate(
    root: URL, at place: URL?, source: DatasetSource?, groups: PathPattern? = nil, refresh: Bool,
    allowOutsideRoot: Bool?, rereads: Bool = false, threads: Int, progress: any ProgressReporter
  ) throws(BalanceError) -> (index: DatasetIndex, summary: IndexSummary?) {
    let root = try resolvedRoot(root)
    var listed: SourceListing?
    if access((place ?? defaultLocation(root: root)).path, F_OK) != 0 {
      if place == nil { try requireWritable(root) }
      let wanted = try wantedSource(source, groups, allowOutsideRoot, nil, root: root)
      listed = try SourceListing(wanted, threads: threads)
    }
    let index = try open(root: root, at: place)
    let stored = try index.storedSource()
    let wanted = try index.wanted(source, groups, allowOutsideRoot, stored)
    let isComplete = try index.isComplete()
    if !refresh, isComplete, stored == wanted { return (index, nil) }
    if let stored, stored.root != root.path {
      progress.note(
        "note: the index was made when the dataset was at \(stored.root); it is kept with its splits, "
          + "since a dataset is known by its contents")
    }
    if let stored, source == nil, stored.source != wanted.source {
      progress.note(
        "note: the dataset is read as it is now, \(wanted.source.summary); so far it was "
          + stored.source.summary)
    }
    if listed?.source != wanted { listed = try SourceListing(wanted, threads: threads) }
    guard let listed else { return (index, nil) }
    let summary = try index.update(listed, rereads: rereads, threads: threads, progress: progress)
    if wanted.allowsOutside || wanted.source.tableOutside(root) != nil {
      OutsidePermission(root: root, source: wanted.source, wanted.allowsOutside).give()
    }
    return (index, summary)
  }

  private func wanted(
    _ source: DatasetSource?, _ groups: PathPattern?, _ allowOutsideRoot: Bool?,
    _ stored: StoredSource?
  ) throws(BalanceError) -> StoredSource {
    let isVouchedFor = stored.map { vouches(for: $0) } ?? false
    return try Self.wantedSource(
      source, groups, allowOutsideRoot, stored, isVouchedFor: isVouchedFor, root: root)
  }

  /// What is to be indexed: what the user says, else what the index says, else what is found.
  ///
  /// - Parameter isVouchedFor: whether it counts that the index lets things lead out of the
  ///   dataset.
  private static func wantedSource(
    _ source: DatasetSource?, _ groups: PathPattern?, _ allowOutsideRoot: Bool?,
    _ stored: StoredSource?, isVouchedFor: Bool = false, root: URL
  ) throws(BalanceError) -> StoredSource {
    var found: DatasetSource
    if let source {
      found = source
    } else if let stored {
      found = try stored.source.renewed(in: root)
    } else {
      found = try DatasetSource.detect(root: root)
    }
    if let groups { found = try found.grouped(by: groups) }
    let result = StoredSource(
      source: found,
      allowsOutside: allowOutsideRoot ?? stored?.allowsOutside ?? false, root: root.path)
    guard !isVouchedFor else { return result }
    if allowOutsideRoot == nil, result.allowsOutside {
      throw BalanceError(
        .data,
        "its own index lets paths and links lead out of the dataset, which only you may allow",
        at: root.path,
        remedy: "say so once with 'balance index --allow-outside-root', or remove its .balance")
    }
    if source == nil, allowOutsideRoot != true, let table = result.source.tableOutside(root) {
      throw BalanceError(
        .data, "its table \(table.debugDescription) lies outside of the dataset", at: root.path,
        remedy: "choose it once with 'balance index --csv' and its columns, or allow it with "
          + "--allow-outside-root")
    }
    return result
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
