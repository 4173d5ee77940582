import BalanceCore
import BalanceImages

/// Images that may be masks or copies of others.
extension DoubtfulLayout {
  var twins: ProblemRecord? {
    let alike = folders.flatMap(Self.alike)
    var count = alike.reduce(0) { $0 + $1.count - 1 }
    var example = alike.first.map { ($0[0], $0[1]) }
    let exception = example.map(Self.exception).flatMap { isHarmless($0, alike) ? $0 : nil }
    if !layout.isSplit, let pair = twinsAcross() {
      count += pair.count
      example = example ?? pair.example
    }
    guard let example else { return nil }
    return ProblemRecord(
      path: example.0, kind: .twins,
      message: "\(NumberText.counted(count, "image has", "images have")) a twin of the same name, "
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

  /// The paths of images of one place that are named alike, but for a mask's mark or the ending: at
  /// least two each. A mask may also be in a folder of masks beside its photograph.
  private static func alike(_ folder: Folder) -> [[String]] {
    let deeper = folder.deeper.sorted { precedesInBytes($0.key.text, $1.key.text) }
    var alike: [[String]] = []
    for (place, images) in [(ByteKey(""), folder.images)] + deeper {
      var numbers: [ByteKey: Int] = [:]
      var found: [[String]] = []
      func add(_ image: String, in inside: String, isMask: Bool) {
        let stem = stem(image)
        let key = ByteKey(withoutMask(stem) ?? stem)
        let path = folder.path.appendingPath(inside).appendingPath(image)
        if let number = numbers[key] {
          found[number].append(path)
        } else if !isMask {
          numbers[key] = found.count
          found.append([path])
        }
      }
      // Sorted by stem, so that twins and masks are beside what they belong to.
      for image in images { add(image, in: place.text, isMask: false) }
      if place.text.isEmpty {
        for (inner, images) in deeper where isForMasks(inner.text.lastPathPart) {
          for image in images { add(image, in: inner.text, isMask: true) }
        }
      }
      alike += found.filter { $0.count > 1 }
    }
    return alike
  }

  /// Whether every image that a pattern leaves out is a mask by its name, or has one of its name
  /// that is not left out.
  private func isHarmless(_ exception: String, _ alike: [[String]]) -> Bool {
    guard let pattern = try? PathPattern(exception) else { return false }
    let replaced = alike.filter { $0.contains { pattern.match($0) == nil } }.joined()
    let spare = Set(replaced.map { ByteKey($0) })
    return folders.allSatisfy { folder in
      folder.rests.allSatisfy { rest in
        let path = folder.path.appendingPath(rest)
        return pattern.match(path) == nil || spare.contains(ByteKey(path))
          || Self.withoutMask(Self.stem(rest.lastPathPart)) != nil
          || rest.pathFolder.pathParts.contains(where: Self.isForMasks)
      }
    }
  }

  /// A pattern for the one of two images that is less likely to be the photograph, and its like.
  private static func exception(_ first: String, _ second: String) -> String {
    let folder = second.pathFolder
    guard first.pathFolder.hasSameBytes(as: folder) else {
      return everything(in: folder.lastPathPart)
    }
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

  /// Images whose names are in several class folders, unless that is because each numbers its
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
