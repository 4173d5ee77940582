import BalanceCore

/// Folders that hardly are classes, though they are taken for them: each doubt names the other
/// reading and how to have it.
struct DoubtfulLayout {
  /// A folder that is taken for a class, and what is in it.
  struct Folder {
    let path: String
    /// Images that lie in it, by name.
    var images: [String] = []
    /// Folders in it that hold images.
    var inner: [String] = []
    /// Images that lie in folders below, by the path of their folder in this one.
    var deeper: [ByteKey: [String]] = [:]

    var name: String { path.lastPathPart }
    /// The paths of its images in it.
    var rests: [String] {
      images + deeper.flatMap { place, images in images.map { place.text.appendingPath($0) } }
    }
  }

  let folders: [Folder]
  let layout: FolderLayout
  private let root: String
  /// Names that a message lists.
  private static let shown = 4

  /// - Parameters:
  ///   - candidates: images that can be used, sorted by the bytes of their paths.
  ///   - root: the dataset's folder.
  static func problems(_ candidates: [Candidate], _ layout: FolderLayout, root: String)
    -> [ProblemRecord]
  {
    let doubts = DoubtfulLayout(candidates, layout, root: root)
    // Many folders are hardly the parts of a download, and each row is looked for in all.
    let mayHaveTable =
      !layout.isSplit && !layout.isChosen && layout.container.folders.count <= 20
    let tables = mayHaveTable ? layout.container.tables : []
    return [doubts.parts, doubts.masks, doubts.foldersOnly, doubts.twins].compactMap { $0 }
      + tables.compactMap { TableGuess($0, in: layout.container, root: root).doubt }
  }

  private init(_ candidates: [Candidate], _ layout: FolderLayout, root: String) {
    var folders: [Folder] = []
    for candidate in candidates {
      let parts = candidate.path.pathParts
      let classDepth = layout.classDepth(of: candidate.path)
      let path = parts.prefix(classDepth).joined(separator: "/")
      if folders.last?.path.hasSameBytes(as: path) != true { folders.append(Folder(path: path)) }
      let rest = Array(parts.dropFirst(classDepth))
      let last = folders.count - 1
      if rest.count == 1 {
        folders[last].images.append(rest[0])
      } else if let inner = rest.first, let image = rest.last {
        if folders[last].inner.last != inner { folders[last].inner.append(inner) }
        let place = ByteKey(rest.dropLast().joined(separator: "/"))
        folders[last].deeper[place, default: []].append(image)
      }
    }
    self.folders = folders
    self.layout = layout
    self.root = root
  }

  // MARK: - Readings

  /// `seg_train` and `seg_test`, with images in them.
  private var parts: ProblemRecord? {
    var found = folders.filter { SplitRole(hintedBy: $0.name) != nil }
    // `test_tube` beside `train_station` is no split; `dogs_test` beside `dogs_train` is.
    if found.count < folders.count {
      let alike = Dictionary(grouping: found) {
        Set($0.name.letterRuns).filter { SplitRole(hintedBy: $0) == nil }
      }
      found = alike.values.filter { alike in
        let roles = Set(alike.compactMap { SplitRole(hintedBy: $0.name) })
        return roles.contains(.train) && roles.count > 1
      }.flatMap { $0 }.sorted { precedesInBytes($0.path, $1.path) }
    }
    guard let first = found.first else { return nil }
    let table = table
    return ProblemRecord(
      path: first.path, kind: .classesLikeParts,
      message: "\(list(found.map(\.name))) are named like parts of a split and taken for classes"
        + (table.map { "; the table '\($0.name)' beside them may name their classes" } ?? ""),
      remedy: "if they are parts, call them train, val and test with a folder per class in each, "
        + "or choose "
        + (table.map { "the table with \($0.options)" }
          ?? "a table with --csv, --image-column, --label-column and --split-column"))
  }

  /// `images` and `masks`.
  private var masks: ProblemRecord? {
    let found = folders.filter {
      // `seg_train` is a part.
      Self.isForMasks($0.name) && SplitRole(hintedBy: $0.name) == nil
    }
    guard let first = found.first else { return nil }
    let whole = folders.filter { !Self.imageWords.isDisjoint(with: $0.name.letterRuns) }
    guard !whole.isEmpty || found.count == folders.count else { return nil }
    let names = list((whole + found).map(\.name))
    return ProblemRecord(
      path: first.path, kind: .classesLikeMasks,
      message: "\(names) look like images and what is drawn on them, and are taken for classes",
      remedy: "if they are no classes, choose "
        + (table.map { "the table '\($0.name)' with \($0.options)" }
          ?? "a table with --csv, --image-root, --image-column and --label-column")
        + ", or move them out of the dataset")
  }

  private var foldersOnly: ProblemRecord? {
    guard !layout.isChosen else { return nil }
    let found = folders.filter { $0.images.isEmpty && !$0.inner.isEmpty }
    guard let first = found.first else { return nil }
    // One folder of the same name in each is no class.
    let isFrame = found.allSatisfy { $0.inner == first.inner } && first.inner.count == 1
    guard !isFrame || found.count < folders.count || found.count == 1 else { return nil }
    let count = NumberText.counted(found.count, "class folder holds", "class folders hold")
    let depth = layout.parts.map(\.classDepth).max() ?? 1
    return ProblemRecord(
      path: first.path, kind: .foldersOnly,
      message: "\(count) only folders, such as '\(first.path)' with \(list(first.inner)): "
        + "what is in them counts as '\(first.name)'",
      remedy: photographs(in: found.flatMap(\.inner))
        ?? "if the inner folders are the classes, give --class-depth \(depth + 1)")
  }

  /// How to have the photographs alone where folders inside of class folders hold masks; nil where
  /// none seems to.
  private func photographs(in inner: [String]) -> String? {
    guard let masks = inner.first(where: Self.isForMasks) else { return nil }
    guard let pattern = layout.pattern else {
      return "if '\(masks)' holds masks, move it and its like out of the dataset"
    }
    let whole = inner.first { !Self.imageWords.isDisjoint(with: $0.letterRuns) }
    guard let whole, Set(inner.map { ByteKey($0) }) == [ByteKey(whole), ByteKey(masks)] else {
      return "if '\(masks)' holds masks, leave it out with "
        + "--pattern \(ShellText.word("\(pattern)/**")) "
        + "--except \(ShellText.word(Self.everything(in: masks)))"
    }
    return "if the others hold masks, take what is in '\(whole)' alone with "
      + "--pattern \(ShellText.word("\(pattern)/\(PathPattern.escaped(whole))/**"))"
  }

  static func isForMasks(_ folder: String) -> Bool {
    !maskWords.isDisjoint(with: folder.letterRuns)
  }

  /// A pattern for what is in folders of this name, wherever they are.
  static func everything(in folder: String) -> String { "**/\(PathPattern.escaped(folder))/**" }

  // MARK: - Words

  /// The first table beside the folders, and the options that read it.
  private var table: (name: String, options: String)? {
    layout.container.tables.first.map {
      ($0, TableGuess($0, in: layout.container, root: root).choice)
    }
  }

  private func list(_ names: [String]) -> String {
    let quoted = names.map { "'\($0)'" }
    if quoted.count > Self.shown {
      return quoted.prefix(Self.shown).joined(separator: ", ")
        + " and \(quoted.count - Self.shown) more"
    }
    return quoted.listed(by: "and")
  }

  private static let imageWords: Set = ["image", "images", "img", "imgs", "jpegimages", "photos"]
  static let maskWords: Set = [
    "annot", "annotation", "annotations", "annots", "bboxes", "groundtruth", "gt", "label",
    "labels", "mask", "masks", "seg", "segmentation", "segmentations", "segmented",
  ]
}
