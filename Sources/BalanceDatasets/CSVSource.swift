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
