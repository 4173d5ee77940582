import BalanceCore
import Foundation

/// A table beside split folders that hold images and no folders.
enum FlatSplitTable {
  /// The source for it where nothing is in doubt: it has two columns, one of which leads to each of
  /// the images in the split folders once and to nothing else, and the other has every value more
  /// than once, as classes have. Nil otherwise.
  static func source(
    file: String, in container: DatasetContainer, _ layout: FolderLayout, root: URL
  ) -> CSVSource? {
    let table = container.path.appendingPath(file)
    let folders = layout.parts.map(\.path)
    guard var reader = try? CSVReader(root.appendingPathComponent(table), name: table),
      let columns = try? TableColumns(&reader).names, columns.count == 2, columns[0] != columns[1],
      (try? reader.next()) == true, reader.fieldCount == 2,
      let image = TableGuess.image(
        [reader.field(0) ?? "", reader.field(1) ?? ""], root: root.path, folders: folders)
    else { return nil }
    let source = CSVSource(
      file: table, imageColumn: columns[image.column], imageRoots: folders,
      imageSuffix: image.suffix.isEmpty ? nil : image.suffix,
      labelColumns: [columns[1 - image.column]])
    let confinement = Confinement(root: root.path, allowsOutside: false)
    guard source.rootRoles != nil,
      let listing = try? CSVListing.list(source, confinement, threads: 1),
      listing.problems.isEmpty,
      !listing.ignored.list.contains(where: { $0.category == IgnoredTally.unnamed })
    else { return nil }
    let classes = Dictionary(grouping: listing.candidates, by: \.label)
    return classes.count > 1 && classes.allSatisfy { $0.value.count > 1 } ? source : nil
  }
}
