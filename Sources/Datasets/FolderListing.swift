import BalanceCore
import Foundation

/// Lists a dataset whose folders name the classes, with or without split folders above them.
struct FolderListing {
  private let confinement: Confinement
  private var listing = Listing()
  /// Device and inode of the folders above and beside, so that a link cannot lead round.
  private var visited: Set<[UInt64]> = []

  /// - Throws: `BalanceError`, `noInput` where the root cannot be read.
  static func list(
    _ confinement: Confinement, splitFolders: Bool, threads: Int
  ) throws(BalanceError) -> Listing {
    var walk = FolderListing(confinement: confinement)
    if splitFolders {
      let entries = try FolderEntries(confinement.root)
      let folders = entries.folders(in: confinement.root)
      for name in folders {
        if let role = SplitRole(naming: name) {
          try walk.classes(in: name, role: role)
        } else {
          walk.stray(name, "is beside the split folders and not one of them")
        }
      }
      walk.looseFiles(entries, in: "", butFolders: folders)
    } else {
      try walk.classes(in: "", role: nil)
    }
    var listing = walk.listing
    listing.candidates.sort { precedesInBytes($0.path, $1.path) }
    FileStatus.resolve(&listing, in: confinement, threads: threads)
    return listing
  }

  private init(confinement: Confinement) { self.confinement = confinement }

  private mutating func classes(in folder: String, role: SplitRole?) throws(BalanceError) {
    let absolute = folder.isEmpty ? confinement.root : confinement.root + "/" + folder
    let entries = try FolderEntries(absolute)
    let names = entries.folders(in: absolute)
    for name in names {
      let path = folder.isEmpty ? name : folder + "/" + name
      let before = listing.candidates.count
      visited.removeAll(keepingCapacity: true)
      walk(path, label: name, role: role)
      if listing.candidates.count == before {
        listing.problems.append(
          ProblemRecord(
            path: path, kind: .emptyClass, message: "the folder holds no JPEG or PNG file",
            remedy: "add images or remove the folder"))
      }
    }
    looseFiles(entries, in: folder, butFolders: names)
  }

  /// Image files that lie where no class can be told.
  private mutating func looseFiles(
    _ entries: FolderEntries, in folder: String, butFolders folders: [String]
  ) {
    let folders = Set(folders)
    for entry in entries.entries where !folders.contains(entry.name) {
      if FileEnding(entry.name) == .other {
        listing.ignored += 1
      } else {
        stray(
          folder.isEmpty ? entry.name : folder + "/" + entry.name, "is not in a class's folder")
      }
    }
  }

  private mutating func stray(_ path: String, _ message: String) {
    listing.problems.append(
      ProblemRecord(
        path: path, kind: .strayFile, message: message,
        remedy: "move it into the folder of its class"))
  }

  /// Everything under a class's folder, at any depth.
  private mutating func walk(_ folder: String, label: String, role: SplitRole?) {
    let absolute = confinement.root + "/" + folder
    var status = stat()
    guard stat(absolute, &status) == 0,
      visited.insert([UInt64(status.st_dev), UInt64(status.st_ino)]).inserted
    else { return }
    if confinement.contains(real: folder) == false {
      listing.problems.append(FileStatus.outside(folder))
      return
    }
    let entries: FolderEntries
    do { entries = try FolderEntries(absolute) } catch {
      listing.problems.append(
        ProblemRecord(
          path: folder, kind: .unreadable, message: error.what,
          remedy: "check the permissions of the folder"))
      return
    }
    for name in entries.badNames {
      listing.problems.append(
        ProblemRecord(
          path: folder + "/" + name, kind: .badName, message: "the name is not UTF-8",
          remedy: "rename the file"))
    }
    // A name with an image's ending is taken for a file unless the system says otherwise, so that
    // big folders are not looked up twice.
    for entry in entries.entries {
      let path = folder + "/" + entry.name
      switch (entry.kind, FileEnding(entry.name)) {
      case (.folder, _): walk(path, label: label, role: role)
      case (.link, _) where isFolder(path), (.unknown, _) where isFolder(path):
        walk(path, label: label, role: role)
      case (_, .readable):
        listing.candidates.append(Candidate(path: path, label: label, role: role))
      case (_, .unsupported):
        listing.problems.append(
          ProblemRecord(
            path: path, kind: .unsupported, message: "is in a format that is not read",
            remedy: "convert it to JPEG or PNG"))
      case (_, .other): listing.ignored += 1
      }
    }
  }

  private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(confinement.root + "/" + path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
