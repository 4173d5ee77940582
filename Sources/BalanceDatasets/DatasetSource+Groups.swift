public import BalanceCore
import Foundation

extension DatasetSource {
  /// The same images and classes, with groups that their paths name: `{group}` in the pattern
  /// stands for the group's name. Equal names are one group wherever they are; where folders
  /// number their own, several `{group}` tell them apart: `{group}/{group}_*.png`.
  ///
  /// - Throws: `BalanceError` with code `usage` where the pattern has no `{group}` or another
  ///   placeholder, or the source names groups itself.
  public func grouped(by pattern: PathPattern) throws(BalanceError) -> DatasetSource {
    let place = "--group-pattern '\(pattern.text)'"
    guard pattern.placeholders.contains(.group) else {
      throw BalanceError(
        .usage, "has no {group}", at: place,
        remedy: "write {group} where the group's name is, as in '*/{group}_*.png'")
    }
    guard pattern.placeholders.allSatisfy({ $0 == .group }) else {
      throw BalanceError(
        .usage, "has placeholders beside {group}", at: place,
        remedy: "write * for what names no group")
    }
    guard !listing.namesGroups else {
      throw BalanceError(
        .usage, "names groups a second time: the dataset is \(listing.summary)", at: place,
        remedy: "leave it out, or choose the source again without groups, or with --detect")
    }
    var grouped = self
    grouped.groups = pattern
    return grouped
  }

  /// The source for the dataset as it is now.
  func renewed(in root: URL) throws(BalanceError) -> DatasetSource {
    var renewed = try listing.renewed(in: root)
    renewed.groups = groups
    return renewed
  }

  /// The source for a dataset that was in the folder `old` and may have moved since.
  func moved(from old: String) -> DatasetSource {
    var moved = DatasetSource(listing.moved(from: old))
    moved.groups = groups
    return moved
  }
}
