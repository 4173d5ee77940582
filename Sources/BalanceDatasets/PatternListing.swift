import BalanceCore

/// Lists the images whose paths match a pattern.
struct PatternListing {
  private let source: PatternSource
  private var listing = Listing()
  private var found: [(path: String, match: PathMatch)] = []
  private var classes = NameSpellings()
  private var groups = NameSpellings()

  /// - Throws: `BalanceError`, `noInput` where the root cannot be read, `data` where nothing that
  ///   stands for {split} is a part of one.
  static func list(
    _ source: PatternSource, _ confinement: Confinement, threads: Int
  ) throws(BalanceError) -> Listing {
    _ = try FolderEntries(confinement.root)
    var walk = FolderWalk(confinement)
    walk.walk("")
    var patterns = PatternListing(source: source)
    patterns.listing.ignored = walk.ignored
    patterns.sort(walk)
    try patterns.addCandidates()
    FileStatus.resolve(&patterns.listing, in: confinement, threads: threads)
    patterns.listing.problems += [
      patterns.classes.problem(.spellings, of: "class"),
      patterns.groups.problem(.groupSpellings, of: "group"),
    ].compactMap { $0 }
    return patterns.listing
  }

  private init(source: PatternSource) { self.source = source }

  /// Shares out what was found: images that match, images that do not, and what is no image.
  private mutating func sort(_ walk: FolderWalk) {
    for path in walk.images {
      if source.except.contains(where: { $0.match(path) != nil }) {
        listing.ignored.add(path, as: IgnoredTally.excepted)
      } else if let match = match(path) {
        found.append((path, match))
      } else {
        listing.ignored.add(path, as: IgnoredTally.unmatched)
      }
    }
    found.sort { precedesInBytes($0.path, $1.path) }
    for problem in walk.problems {
      if problem.kind == .unsupported, match(problem.path) == nil {
        listing.ignored.add(problem.path)
      } else {
        listing.problems.append(problem)
      }
    }
  }

  private func match(_ path: String) -> PathMatch? {
    source.patterns.lazy.compactMap { $0.match(path) }.first { $0.label != nil }
  }

  private mutating func addCandidates() throws(BalanceError) {
    let roles = try roles()
    for (path, match) in found {
      guard let written = match.label, let label = CanonicalName(written)?.text else {
        listing.problems.append(
          ProblemRecord(
            path: path, kind: .badName, message: "what stands for {class} is blank",
            remedy: "rename the file or its folder"))
        continue
      }
      let role = match.split.flatMap { roles[$0] }
      // Recorded once for all that are there.
      if match.split != nil, role == nil { continue }
      classes.add(written, for: label)
      let group = match.group.flatMap { CanonicalName($0)?.text }
      if let group, let written = match.group { groups.add(written, for: group) }
      listing.candidates.append(Candidate(path: path, label: label, group: group, role: role))
    }
  }

  /// What stands for {split} and names a part of one; the rest is recorded.
  private mutating func roles() throws(BalanceError) -> [String: SplitRole] {
    var seen: [String: (images: Int, example: String)] = [:]
    for (path, match) in found {
      if let split = match.split { seen[split, default: (0, path)].images += 1 }
    }
    let words = seen.keys.sorted(by: precedesInBytes)
    var roles: [String: SplitRole] = [:]
    var strangers: [String] = []
    for (word, role) in zip(words, SplitRole.naming(folders: words)) {
      roles[word] = role
      if role == nil { strangers.append(word) }
    }
    guard !roles.isEmpty || words.isEmpty else {
      let list = words.prefix(10).map { "'\($0)'" }.joined(separator: ", ")
      throw BalanceError(
        .data, "what stands for {split} names no part of a split: \(list)", at: "--pattern",
        remedy: "write {split} where train, val or test is, or * to have a split made")
    }
    for word in strangers {
      guard let (images, example) = seen[word] else { continue }
      listing.problems.append(
        ProblemRecord(
          path: example, kind: .strayFile,
          message: "\(NumberText.counted(images, "image is", "images are")) in '\(word)', which "
            + "names no part of a split",
          remedy: "rename it, or leave it out with --except"))
    }
    return roles
  }
}
