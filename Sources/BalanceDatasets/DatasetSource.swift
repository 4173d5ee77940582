/// A table of images: one row an image, its columns chosen by name.
public struct CSVSource: Codable, Hashable, Sendable {
  /// The table, relative to the dataset's root, or absolute.
  public var file: String
  /// The column with the image's path, or with a name that becomes one with root and suffix.
  public var imageColumn: String
  /// The folder that the image column's values are in, relative to the dataset's root.
  public var imageRoot: String?
  /// What is appended to the image column's values (".jpg").
  public var imageSuffix: String?
  /// The columns whose values make the class; several are joined with "+", and a "+" inside a value
  /// is then written "\+".
  public var labelColumns: [String]
  /// The column with the patient, lesion, recording … that images share.
  public var groupColumn: String?
  /// The column that says train, val or test.
  public var splitColumn: String?

  public init(
    file: String, imageColumn: String, imageRoot: String? = nil, imageSuffix: String? = nil,
    labelColumns: [String], groupColumn: String? = nil, splitColumn: String? = nil
  ) {
    self.file = file
    self.imageColumn = imageColumn
    self.imageRoot = imageRoot
    self.imageSuffix = imageSuffix
    self.labelColumns = labelColumns
    self.groupColumn = groupColumn
    self.splitColumn = splitColumn
  }
}

/// Where a dataset's images and labels come from.
public enum DatasetSource: Codable, Hashable, Sendable {
  /// `ROOT/CLASS/…/image.jpg`
  case folderPerClass
  /// `ROOT/train/CLASS/…/image.jpg`, and the same under `val` and `test`.
  case splitFolders
  /// Rows of a table.
  case csv(CSVSource)

  /// Whether it says itself which images are for training and which for the test.
  package var bringsSplit: Bool {
    switch self {
    case .folderPerClass: false
    case .splitFolders: true
    case .csv(let table): table.splitColumn != nil
    }
  }

  /// What it is, in a few words.
  public var summary: String {
    switch self {
    case .folderPerClass: "a folder per class"
    case .splitFolders: "split folders, a folder per class in each"
    case .csv(let table):
      "\(table.file), classes from \(table.labelColumns.joined(separator: " + "))"
        + (table.groupColumn.map { ", groups from \($0)" } ?? "")
        + (table.splitColumn.map { ", split from \($0)" } ?? "")
    }
  }
}
