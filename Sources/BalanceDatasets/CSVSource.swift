import BalanceCore

/// A table of images: one row an image, its columns chosen by name.
public struct CSVSource: Codable, Hashable, Sendable {
  /// The table, relative to the dataset's root, or absolute.
  public var file: String
  /// The names of the columns where the table has no header; nil takes them from its first line.
  public var columns: [String]?
  /// Nil finds it out.
  public var delimiter: TableDelimiter?
  /// The column with the image's path, or with a name that becomes one with root and suffix.
  public var imageColumn: String
  private var imageRoot: OneOrMore?
  /// What is appended to the image column's values (".jpg").
  public var imageSuffix: String?
  /// The columns whose values make the class; several are joined with "+", and a "+" inside a value
  /// is then written "\+".
  public var labelColumns: [String]
  /// The column with the patient, lesion, recording … that images share.
  public var groupColumn: String?
  /// The column that says train, val or test.
  public var splitColumn: String?

  /// The folders that the image column's values are in, relative to the dataset's root: a file is
  /// looked for in each, and must be in one of them. Where all of several are named like parts of a
  /// split, and no column says it, they are the split.
  public var imageRoots: [String] {
    get { imageRoot?.values ?? [] }
    set { imageRoot = newValue.isEmpty ? nil : OneOrMore(newValue) }
  }

  public init(
    file: String, columns: [String]? = nil, delimiter: TableDelimiter? = nil, imageColumn: String,
    imageRoots: [String] = [], imageSuffix: String? = nil, labelColumns: [String],
    groupColumn: String? = nil, splitColumn: String? = nil
  ) {
    self.file = file
    self.columns = columns
    self.delimiter = delimiter
    self.imageColumn = imageColumn
    self.imageSuffix = imageSuffix
    self.labelColumns = labelColumns
    self.groupColumn = groupColumn
    self.splitColumn = splitColumn
    self.imageRoots = imageRoots
  }
}

extension CSVSource {
  /// The part that each image root stands for; nil where the roots are no split.
  var rootRoles: [SplitRole]? {
    guard splitColumn == nil, imageRoots.count > 1 else { return nil }
    let names = imageRoots.map { $0.pathParts.last ?? "" }
    let roles = SplitRole.naming(folders: names).compactMap { $0 }
    let areSplit = roles.count == names.count && roles.contains(.train) && Set(roles).count > 1
    return areSplit ? roles : nil
  }
}
