public import BalanceCore

/// A table of images: one row an image, its columns chosen by name.
public struct CSVSource: Codable, Hashable, Sendable {
  /// The table, relative to the dataset's root, or absolute.
  public var file: String
  /// Further tables of the same columns. Where all are named like parts of a split (`train.txt`,
  /// `test.txt`), and neither a column nor the image roots say it, they are the split.
  public var moreFiles: [String]?
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
    file: String, moreFiles: [String]? = nil, columns: [String]? = nil,
    delimiter: TableDelimiter? = nil, imageColumn: String, imageRoots: [String] = [],
    imageSuffix: String? = nil, labelColumns: [String], groupColumn: String? = nil,
    splitColumn: String? = nil
  ) {
    self.file = file
    self.moreFiles = moreFiles
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
  /// All tables.
  public var files: [String] { [file] + (moreFiles ?? []) }

  /// The part of a split that each image root stands for; nil where the roots are no split.
  var rootRoles: [SplitRole]? {
    splitColumn == nil
      ? Self.roles(SplitRole.naming(folders: imageRoots.map { $0.pathParts.last ?? "" })) : nil
  }

  /// The part of a split that each table stands for; nil where they are no split.
  var fileRoles: [SplitRole]? {
    splitColumn == nil && rootRoles == nil
      ? Self.roles(files.map { SplitRole(hintedBy: $0.lastPathPart) }) : nil
  }

  /// Those of a split: all named, for training and for something else.
  private static func roles(_ named: [SplitRole?]) -> [SplitRole]? {
    let roles = named.compactMap { $0 }
    let areSplit = roles.count == named.count && roles.contains(.train) && Set(roles).count > 1
    return areSplit ? roles : nil
  }
}
