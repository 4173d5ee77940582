import BalanceCore
import BalanceImages
import Foundation

/// Lists a dataset whose folders name the classes, with or without split folders above them.
struct FolderListing {
  private let layout: FolderLayout
  private let confinement: Confinement
  private var walk: FolderWalk
  private var candidates: [Candidate] = []
  private var spellings = NameSpellings()

  /// - Throws: `BalanceError`, `noInput` where the root or a split folder cannot be read.
  static func list(
    _ layout: FolderLayout, _ confinement: Confinement, threads: Int
  ) throws(BalanceError) -> Listing {
    var folders = FolderListing(layout: layout, confinement: confinement)
    try folders.goDown("")
    var listing = Listing(
      candidates: folders.candidates.sorted { precedesInBytes($0.path, $1.path) },
      problems: folders.walk.problems, ignored: folders.walk.ignored)
    FileStatus.resolve(&listing, in: confinement, threads: threads)
    if let problem = folders.spellings.problem(.spellings, of: "class") {
      listing.problems.append(problem)
    }
    return listing
  }

  /// What to say where the folders hold no image.
  static func nothingFound(
    _ listing: Listing, _ lookedFor: String, classDepth: Int?, root: String
  ) -> BalanceError {
    if let classDepth {
      let stray = listing.problems.first { $0.kind == .strayFile }
      return BalanceError(
        .data,
        "no image lies \(classDepth) or more folders deep"
          + (stray.map { "; \($0.path.debugDescription) does not" } ?? ""),
        at: root,
        remedy: "choose another --class-depth, say where the class is with --pattern, or have "
          + "it found out with --detect")
    }
    return BalanceError(
      .data, "no \(ImageFormat.names) image was found (looked for \(lookedFor))", at: root,
      remedy: "put a folder of images per class into it, or choose a table with --csv")
  }

  private init(layout: FolderLayout, confinement: Confinement) {
    self.layout = layout
    self.confinement = confinement
    walk = FolderWalk(confinement)
  }

  /// Goes down to the parts of the layout; what lies beside them is in no class.
  private mutating func goDown(_ folder: String) throws(BalanceError) {
    let absolute = confinement.absolute(folder)
    let entries = try FolderEntries(absolute)
    if let part = layout.parts.first(where: { $0.path.hasSameBytes(as: folder) }) {
      return classes(entries, in: folder, part.role, depth: part.classDepth)
    }
    walk.note(entries, in: folder)
    for entry in entries.entries {
      let path = folder.appendingPath(entry.name)
      switch entries.place(of: entry, in: absolute) {
      case .folder:
        if layout.parts.contains(where: { ($0.path + "/").hasBytePrefix(path + "/") }) {
          try goDown(path)
        } else {
          strayFolder(path)
        }
      case let place: loose(path, place)
      }
    }
  }

  /// - Parameter depth: which folder below names the class.
  private mutating func classes(
    _ entries: FolderEntries, in folder: String, _ role: SplitRole?, depth: Int
  ) {
    walk.note(entries, in: folder)
    let absolute = confinement.absolute(folder)
    for entry in entries.entries {
      let path = folder.appendingPath(entry.name)
      switch entries.place(of: entry, in: absolute) {
      case .folder where depth > 1:
        if let inner = look(into: path) {
          classes(inner, in: path, role, depth: depth - 1)
        }
      case .folder: addClass(entry.name, path, role)
      case let place: loose(path, place)
      }
    }
  }

  /// Nil where it may not be looked into; why is then recorded.
  private mutating func look(into folder: String) -> FolderEntries? {
    guard confinement.contains(real: folder) != false else {
      walk.problems.append(FileStatus.outside(folder))
      return nil
    }
    do throws(BalanceError) { return try FolderEntries(confinement.absolute(folder)) } catch {
      walk.problems.append(FileStatus.unreadable(folder: folder, error))
      return nil
    }
  }

  private mutating func addClass(_ name: String, _ path: String, _ role: SplitRole?) {
    guard let label = CanonicalName(name) else {
      return walk.problems.append(
        ProblemRecord(
          path: path, kind: .badName, message: "the class's folder has a blank name",
          remedy: "rename the folder"))
    }
    findImages(in: path)
    guard !walk.images.isEmpty else {
      // It may be known already why nothing is seen of it.
      if walk.problems.last?.path == path { return }
      return walk.problems.append(
        ProblemRecord(
          path: path, kind: .emptyClass,
          message: "the folder holds no \(ImageFormat.names) file",
          remedy: "add images or remove the folder"))
    }
    spellings.add(name, for: label.text)
    for image in walk.images {
      candidates.append(Candidate(path: image, label: label.text, role: role))
    }
  }

  /// Those of this folder alone; no link in it leads back to a folder above.
  private mutating func findImages(in folder: String) {
    walk.images.removeAll(keepingCapacity: true)
    walk.restart(
      below: folder.pathFolder.pathParts.reduce(into: [""]) { above, name in
        above.append(above[above.count - 1].appendingPath(name))
      })
    walk.walk(folder)
  }

  /// What lies where no class can be told.
  private mutating func loose(_ path: String, _ place: FolderEntries.Place) {
    switch (place, FileEnding(path)) {
    case (.nowhere(let code), _): walk.problems.append(FileStatus.missing(path, code))
    case (_, .image), (_, .unsupported): stray(path, "is not in a class's folder")
    case (.special, _): walk.ignored.add(path, as: IgnoredTally.special)
    default: walk.ignored.add(path)
    }
  }

  /// A folder beside those of a split: its images are named one by one, and what else is in it is
  /// counted.
  private mutating func strayFolder(_ folder: String) {
    findImages(in: folder)
    for image in walk.images {
      stray(
        image, "is in '\(folder)', beside the split folders and in none of them",
        "move it into the folder of its class, or leave it")
    }
  }

  private mutating func stray(
    _ path: String, _ message: String, _ remedy: String = "move it into the folder of its class"
  ) {
    walk.problems.append(
      ProblemRecord(path: path, kind: .strayFile, message: message, remedy: remedy))
  }
}
