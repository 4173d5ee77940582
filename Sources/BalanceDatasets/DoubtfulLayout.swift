import BalanceCore
import BalanceImages

/// Folders that hardly are classes, though they are taken for them: each doubt names the other
/// reading and how to have it.
struct DoubtfulLayout {
  /// A folder that is taken for a class, and what is in it.
  private struct Folder {
    let path: String
    /// Images that lie in it, by name.
    var images: [String] = []
    /// Folders in it that hold images.
    var inner: [String] = []
    /// Images that lie in folders below, by the path of their folder in this one.
    var deeper: [ByteKey: [String]] = [:]

    var name: String { path.lastPathPart }
  }

  private let folders: [Folder]
  private let layout: FolderLayout
  /// Names that a message lists.
  private static let shown = 4

  /// - Parameter candidates: sorted by the bytes of their paths.
  static func problems(_ candidates: [Candidate], _ layout: FolderLayout) -> [ProblemRecord] {
    let doubts = DoubtfulLayout(candidates, layout)
    return [doubts.parts, doubts.masks, doubts.foldersOnly, doubts.twins].compactMap { $0 }
  }

  private init(_ candidates: [Candidate], _ layout: FolderLayout) {
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
  }

  // MARK: - Readings

  /// `training_set` and `test_set`.
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
    let table =
      layout.tables.first.map { "; the table '\($0)' beside them may name their classes" } ?? ""
    return ProblemRecord(
      path: first.path, kind: .classesLikeParts,
      message: "\(list(found.map(\.name))) are named like parts of a split and taken for classes"
        + table,
      remedy: "if they are parts, call them train, val and test with a folder per class in each, "
        + "or choose a table with --csv, --image-column, --label-column and --split-column")
  }

  /// `images` and `masks`.
  private var masks: ProblemRecord? {
    let found = folders.filter {
      // `seg_train` is a part.
      !Self.maskWords.isDisjoint(with: $0.name.letterRuns) && SplitRole(hintedBy: $0.name) == nil
    }
    guard let first = found.first else { return nil }
    let whole = folders.filter { !Self.imageWords.isDisjoint(with: $0.name.letterRuns) }
    guard !whole.isEmpty || found.count == folders.count else { return nil }
    let names = list((whole + found).map(\.name))
    let table = layout.tables.first.map { " (such as '\($0)')" } ?? ""
    return ProblemRecord(
      path: first.path, kind: .classesLikeMasks,
      message: "\(names) look like images and what is drawn on them, and are taken for classes",
      remedy: "if they are no classes, choose a table\(table) with --csv, --image-root, "
        + "--image-column and --label-column, or move them out of the dataset")
  }

  private var foldersOnly: ProblemRecord? {
    guard !layout.isChosen else { return nil }
    let found = folders.filter { $0.images.isEmpty && !$0.inner.isEmpty }
    guard let first = found.first else { return nil }
    // One folder of the same name in each is no class.
    let isFrame = found.allSatisfy { $0.inner == first.inner } && first.inner.count == 1
    guard !isFrame || found.count < folders.count || found.count == 1 else { return nil }
    let count = found.count == 1 ? "1 class folder holds" : "\(found.count) class folders hold"
    let depth = layout.parts.map(\.classDepth).max() ?? 1
    return ProblemRecord(
      path: first.path, kind: .foldersOnly,
      message: "\(count) only folders, such as '\(first.path)' with \(list(first.inner)): "
        + "what is in them counts as '\(first.name)'",
      remedy: photographs(in: first.inner)
        ?? "if the inner folders are the classes, give --class-depth \(depth + 1)")
  }

  /// How to have what is in the folder of photographs alone where others hold masks.
  private func photographs(in inner: [String]) -> String? {
    guard inner.contains(where: { !Self.maskWords.isDisjoint(with: $0.letterRuns) }),
      let folder = inner.first(where: { !Self.imageWords.isDisjoint(with: $0.letterRuns) }),
      let pattern = layout.pattern
    else { return nil }
    return "if the others hold masks, take what is in '\(folder)' alone with "
      + "--pattern \(ShellText.word("\(pattern)/\(PathPattern.escaped(folder))/**"))"
  }

  private var twins: ProblemRecord? {
    var count = 0
    var example: (String, String)?
    for folder in folders {
      let deeper = folder.deeper.sorted { precedesInBytes($0.key.text, $1.key.text) }
      for (place, images) in [(ByteKey(""), folder.images)] + deeper {
        // Sorted by stem, so that twins and masks stand beside what they belong to.
        var wholes: [ByteKey: String] = [:]
        for image in images {
          let stem = Self.stem(image)
          let key = ByteKey(Self.withoutMask(stem) ?? stem)
          if let other = wholes.updateValue(image, forKey: key) {
            count += 1
            let inside = folder.path.appendingPath(place.text)
            example = example ?? (inside.appendingPath(other), inside.appendingPath(image))
          }
        }
      }
    }
    let exception = example.map { Self.exception($0.0, $0.1) }
    if !layout.isSplit, let pair = twinsAcross() {
      count += pair.count
      example = example ?? pair.example
    }
    guard let example else { return nil }
    return ProblemRecord(
      path: example.0, kind: .twins,
      message: "\(count == 1 ? "1 image has" : "\(count) images have") a twin of the same name, "
        + "such as '\(example.0)' and '\(example.1)': one may be a mask or a copy of the other",
      remedy: exception.flatMap { exception in
        layout.pattern.map {
          "to leave masks out, give --pattern \(ShellText.word("\($0)/**")) "
            + "--except \(ShellText.word(exception))"
        }
      }
        ?? "remove what is no photograph of its class, or choose a table with --csv, "
        + "--image-column and --label-column")
  }

  /// A pattern for the one of two images that is less likely to be the photograph, and its like.
  private static func exception(_ first: String, _ second: String) -> String {
    for image in [second, first] {
      let stem = stem(image.lastPathPart)
      if let whole = withoutMask(stem) {
        let mark = stem.utf8.dropFirst(whole.utf8.count).reversed()
          .drop { !($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z")) }.reversed()
        return "**/*\(PathPattern.escaped(String(decoding: Array(mark), as: UTF8.self)))*"
      }
    }
    let jpegs = ImageFormat.jpeg.endings
    let isSecond = FileEnding.ending(of: second).map { !jpegs.contains($0) } ?? true
    let image = isSecond ? second : first
    let name = image.lastPathPart
    let ending = String(Substring(name.utf8.dropFirst(stem(name).utf8.count)))
    return "**/*\(PathPattern.escaped(ending))"
  }

  /// Images whose names stand in several class folders, unless that is because each numbers its
  /// own.
  private func twinsAcross() -> (count: Int, example: (String, String))? {
    guard folders.count > 1 else { return nil }
    var first: [ByteKey: (folder: Int, image: String)] = [:]
    var shared: Set<ByteKey> = []
    var perFolder = [Int](repeating: 0, count: folders.count)
    var example: (String, String)?
    for (number, folder) in folders.enumerated() {
      for image in folder.images {
        let key = ByteKey(Self.stem(image))
        guard let other = first[key] else {
          first[key] = (number, image)
          continue
        }
        guard other.folder != number else { continue }
        if shared.insert(key).inserted { perFolder[other.folder] += 1 }
        perFolder[number] += 1
        let pair = (
          folders[other.folder].path.appendingPath(other.image), folder.path.appendingPath(image)
        )
        example = example ?? pair
      }
    }
    let isMost = zip(perFolder, folders).count { $0 > 1 && 10 * $0 >= 9 * $1.images.count } > 1
    guard isMost, let example, !Self.areCounters(shared.map(\.text)) else { return nil }
    return (shared.count, example)
  }

  // MARK: - Words

  private func list(_ names: [String]) -> String {
    let quoted = names.map { "'\($0)'" }
    if quoted.count > Self.shown {
      return quoted.prefix(Self.shown).joined(separator: ", ")
        + " and \(quoted.count - Self.shown) more"
    }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " and " + last
  }

  private static let imageWords: Set = ["image", "images", "img", "imgs", "jpegimages", "photos"]
  private static let maskWords: Set = [
    "annot", "annotation", "annotations", "annots", "bboxes", "groundtruth", "gt", "label",
    "labels", "mask", "masks", "seg", "segmentation", "segmentations", "segmented",
  ]

  /// A file's name without its ending.
  private static func stem(_ name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else {
      return name
    }
    return String(Substring(name.utf8[..<dot]))
  }

  /// What a mask belongs to: `x` for `x_mask`, `x-seg` and `x_mask_1`; nil where it is none.
  private static func withoutMask(_ stem: String) -> String? {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let separators: [UInt8] = Array("_-. ".utf8)
    var bytes = Array(stem.lowercased().utf8)
    while let last = bytes.last, digits.contains(last) { bytes.removeLast() }
    while let last = bytes.last, separators.contains(last) { bytes.removeLast() }
    guard let separator = bytes.lastIndex(where: { separators.contains($0) }), separator > 0,
      maskWords.contains(String(decoding: bytes[(separator + 1)...], as: UTF8.self))
    else { return nil }
    return String(decoding: Array(stem.utf8).prefix(separator), as: UTF8.self)
  }

  /// Whether names only differ in a number, and the numbers are close together: `img_001`,
  /// `img_002` … in every folder.
  private static func areCounters(_ stems: [String]) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    var low = Int.max
    var high = Int.min
    var frames: Set<ByteKey> = []
    for stem in stems {
      let tail = stem.utf8.reversed().prefix { digits.contains($0) }.count
      let number = Int(Substring(stem.utf8.suffix(min(tail, 18))))
      guard let number else { return false }
      low = min(low, number)
      high = max(high, number)
      frames.insert(ByteKey(Substring(stem.utf8.dropLast(tail))))
    }
    return frames.count <= 3 && high - low < 2 * stems.count
  }
}
