import BalanceCore
import BalanceImages
import Foundation

/// Lists a dataset whose folders name the classes, with or without split folders above them.
struct FolderListing {
  private let confinement: Confinement
  private var walk: FolderWalk
  private var candidates: [Candidate] = []
  private var spellings = NameSpellings()

  /// - Throws: `BalanceError`, `noInput` where the root cannot be read.
  static func list(
    _ confinement: Confinement, splitFolders: Bool, threads: Int
  ) throws(BalanceError) -> Listing {
    var folders = FolderListing(confinement: confinement)
    let root = try FolderEntries(confinement.root)
    if splitFolders {
      folders.walk.note(root, in: "")
      for entry in root.entries {
        switch root.place(of: entry, in: confinement.root) {
        case .folder:
          if let role = SplitRole(naming: entry.name) {
            let inner = try FolderEntries(confinement.absolute(entry.name))
            folders.classes(inner, in: entry.name, role: role)
          } else {
            folders.stray(entry.name, "is beside the split folders and not one of them")
          }
        case let place: folders.loose(entry.name, place)
        }
      }
    } else {
      folders.classes(root, in: "", role: nil)
    }
    var listing = Listing(
      candidates: folders.candidates.sorted { precedesInBytes($0.path, $1.path) },
      problems: folders.walk.problems, ignored: folders.walk.ignored)
    FileStatus.resolve(&listing, in: confinement, threads: threads)
    if let problem = folders.spellings.problem(.spellings, of: "class") {
      listing.problems.append(problem)
    }
    listing.problems += DoubtfulLayout.problems(
      listing.candidates, classDepth: splitFolders ? 2 : 1,
      tables: root.entries.map(\.name).filter(DatasetSource.isTable))
    return listing
  }

  /// What to say where the folders hold no image.
  static func nothingFound(_ lookedFor: String, root: String) -> BalanceError {
    BalanceError(
      .data, "no JPEG or PNG image was found (looked for \(lookedFor))", at: root,
      remedy: "put a folder of images per class into it, or choose a table with --csv")
  }

  private init(confinement: Confinement) {
    self.confinement = confinement
    walk = FolderWalk(confinement)
  }

  private mutating func classes(_ entries: FolderEntries, in folder: String, role: SplitRole?) {
    walk.note(entries, in: folder)
    let absolute = confinement.absolute(folder)
    for entry in entries.entries {
      let path = folder.appendingPath(entry.name)
      switch entries.place(of: entry, in: absolute) {
      case .folder: addClass(entry.name, path, above: folder, role)
      case let place: loose(path, place)
      }
    }
  }

  private mutating func addClass(
    _ name: String, _ path: String, above folder: String, _ role: SplitRole?
  ) {
    guard let label = CanonicalName(name) else {
      return walk.problems.append(
        ProblemRecord(
          path: path, kind: .badName, message: "the class's folder has a blank name",
          remedy: "rename the folder"))
    }
    walk.images.removeAll(keepingCapacity: true)
    walk.restart(below: folder.isEmpty ? [""] : ["", folder])
    walk.walk(path)
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

  /// What lies where no class can be told.
  private mutating func loose(_ path: String, _ place: FolderEntries.Place) {
    switch (place, FileEnding(path)) {
    case (.nowhere(let code), _): walk.problems.append(FileStatus.missing(path, code))
    case (_, .image), (_, .unsupported): stray(path, "is not in a class's folder")
    case (.special, _): walk.ignored.add(path, as: IgnoredTally.special)
    default: walk.ignored.add(path)
    }
  }

  private mutating func stray(_ path: String, _ message: String) {
    walk.problems.append(
      ProblemRecord(
        path: path, kind: .strayFile, message: message,
        remedy: "move it into the folder of its class"))
  }
}
