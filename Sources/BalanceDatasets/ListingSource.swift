import BalanceCore
import Foundation

/// How a dataset says which of its files are images, and of which class: one kind of dataset.
///
/// A new kind is a type in a file of its own, and a line in `DatasetSource.kinds`.
protocol ListingSource: Codable, Hashable, Sendable {
  /// The word under which an index keeps it; it never changes.
  static var kind: String { get }
  /// What it is, in a few words.
  var summary: String { get }
  /// Whether it holds on whatever the dataset looks like later.
  var isChosen: Bool { get }
  /// Where the split comes from that it brings along; nil where it brings none.
  var splitOrigin: SplitOrigin? { get }
  /// Whether it says itself which images belong to which group.
  var namesGroups: Bool { get }
  /// The files that it reads beside the images, relative to the dataset's root, or absolute.
  var tables: [String] { get }

  /// - Throws: `BalanceError`, `noInput` where a folder or table cannot be read, `usage` where it
  ///   asks for what is not there, `data` where a table is malformed.
  func list(_ confinement: Confinement, threads: Int) throws(BalanceError) -> Listing

  /// What is doubtful about the reading of a dataset of which these images can be used.
  ///
  /// - Throws: `BalanceError` with code `noInput` where the root cannot be read.
  func doubts(_ images: [Candidate], _ confinement: Confinement) throws(BalanceError)
    -> [ProblemRecord]

  /// What to say where none of the files that are listed can be used.
  func nothingFound(_ listing: Listing, root: String) -> BalanceError

  /// The source for the dataset as it is now: what was found is found again, and what somebody has
  /// chosen holds on.
  ///
  /// - Throws: `BalanceError` with code `noInput` where something chosen is gone.
  func renewed(in root: URL) throws(BalanceError) -> DatasetSource

  /// The source for a dataset that was in the folder `old` and may have moved since.
  func moved(from old: String) -> Self
}

extension ListingSource {
  var isChosen: Bool { true }

  var namesGroups: Bool { false }

  var tables: [String] { [] }

  func doubts(_ images: [Candidate], _ confinement: Confinement) -> [ProblemRecord] { [] }

  func moved(from old: String) -> Self { self }
}
