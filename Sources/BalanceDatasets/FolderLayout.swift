import BalanceCore

/// Where in a dataset the folders are that name the classes.
struct FolderLayout {
  /// A folder with class folders in it.
  struct Part {
    /// Relative to the dataset's root; empty for the root itself.
    let path: String
    let role: SplitRole?
    /// Which folder below `path` names the class: 1 for those in it.
    let classDepth: Int
  }

  let parts: [Part]
  /// Whether somebody has said how deep the class folders lie.
  let isChosen: Bool
  /// The folder that the class folders or the parts are in, unless they lie deeper.
  let container: DatasetContainer

  var isSplit: Bool { parts.contains { $0.role != nil } }

  /// A pattern for the folders that name the classes; nil where none fits all.
  var pattern: String? {
    let depths = Set(parts.map(\.classDepth))
    guard let depth = depths.first, depths.count == 1 else { return nil }
    let inner = String(repeating: "*/", count: depth - 1) + "{class}"
    guard isSplit else { return inner }
    let names = parts.map(\.path.lastPathPart)
    guard SplitRole.naming(folders: names) == parts.map(\.role) else { return nil }
    return PathPattern.escaped(parts[0].path.pathFolder).appendingPath("{split}/" + inner)
  }

  /// How many folders the path of an image begins with, that of its class included.
  func classDepth(of path: String) -> Int {
    for part in parts where part.path.isEmpty || path.hasBytePrefix(part.path + "/") {
      return part.path.pathParts.count + part.classDepth
    }
    return 1
  }

  /// A folder per class. Where the root holds but one folder, and that holds several, those are the
  /// classes, since one class is nothing to tell apart.
  ///
  /// - Parameter classDepth: nil to find out.
  /// - Throws: `BalanceError` with code `noInput` where the root cannot be read.
  static func classes(_ confinement: Confinement, classDepth: Int?) throws(BalanceError)
    -> FolderLayout
  {
    let container = try DatasetContainer(confinement)
    let found = container.folders.count > 1 ? 1 + container.path.pathParts.count : 1
    return FolderLayout(
      parts: [Part(path: "", role: nil, classDepth: classDepth ?? found)],
      isChosen: classDepth != nil, container: container)
  }

  /// Split folders. Each may hold the class folders in another one: `train/train/CLASS`.
  ///
  /// - Parameter classDepth: as counted from the split folder; nil to find out.
  static func split(
    in container: DatasetContainer, _ confinement: Confinement, classDepth: Int?
  ) -> FolderLayout {
    let roles = roles(in: container, confinement) ?? SplitRole.naming(folders: container.folders)
    let found = zip(container.folders, roles).compactMap { name, role in
      role.map { (path: container.path.appendingPath(name), name: name, role: $0) }
    }
    let wrappers = found.map { DatasetContainer.wrapped($0.path, confinement) }
    let areAllWrapped = zip(found, wrappers).allSatisfy { part, wrapper in
      wrapper != nil || classFolders(part.path, confinement).isEmpty
    }
    let parts = zip(found, wrappers).map { part, wrapper in
      let isWrapped =
        wrapper.map {
          areAllWrapped || $0.hasSameBytes(as: part.name) || SplitRole(naming: $0) == part.role
        } ?? false
      return Part(path: part.path, role: part.role, classDepth: classDepth ?? (isWrapped ? 2 : 1))
    }
    return FolderLayout(parts: parts, isChosen: classDepth != nil, container: container)
  }

  /// The role of each folder; nil where they are not surely parts of a split: for training and for
  /// something else, or nothing but parts.
  static func roles(in container: DatasetContainer, _ confinement: Confinement) -> [SplitRole?]? {
    let roles = SplitRole.naming(folders: container.folders)
    let named = roles.compactMap { $0 }
    let areSplit =
      Set(named).count >= 2 && named.contains(.train)
      || named.count == roles.count && !named.isEmpty
    return areSplit ? roles : hinted(container, confinement)
  }

  /// The roles of folders with words in front or behind, such as `seg_train` and `seg_test`, where
  /// they share class folders.
  private static func hinted(_ container: DatasetContainer, _ confinement: Confinement)
    -> [SplitRole?]?
  {
    let roles = container.folders.map { SplitRole(hintedBy: $0) }
    let named = Set(roles.compactMap { $0 })
    guard named.count >= 2, named.contains(.train) else { return nil }
    var shared: Set<ByteKey>?
    for (name, role) in zip(container.folders, roles) where role != nil {
      let path = container.path.appendingPath(name)
      let inner = DatasetContainer.wrapped(path, confinement)
      let classes = Set(
        classFolders(inner.map { path.appendingPath($0) } ?? path, confinement).map { ByteKey($0) })
      shared = shared?.intersection(classes) ?? classes
    }
    // One that all have may be anything: `train_station/photos` beside `test_tube/photos`.
    return shared?.count ?? 0 > 1 ? roles : nil
  }

  /// The names of the folders in a folder; none where it cannot be read.
  static func classFolders(_ path: String, _ confinement: Confinement) -> [String] {
    (try? DatasetContainer.contents(path, confinement).folders) ?? []
  }
}
