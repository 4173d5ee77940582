import BalanceCore
public import Foundation

/// The folder that a dataset's pixel cache lies in, with the features that are computed of it.
public struct PixelCacheFolder: Sendable {
  public let url: URL

  public init(_ url: URL) { self.url = url }

  /// Why a file is still there.
  public struct Failure: Encodable, Sendable {
    public let path: String
    public let reason: String
  }

  /// A file of the folder.
  public struct File: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable {
      /// Pixels at one size.
      case pixels
      /// What a frozen network computed.
      case features
      /// Written by an earlier version in another form, or damaged: never read again.
      case outdated
      /// What a process was writing that was killed.
      case leftover
    }

    /// Within the folder.
    public let name: String
    public let kind: Kind
    public let bytes: Int
    /// Images that it has pixels of, and those of them that are asked for; 0 for other kinds.
    public let images: Int
    public let current: Int
    public let changed: Date

    /// Whether no training on the images that are asked for would read it. Features may be of use,
    /// which their names do not say; they are computed again.
    public var isRemovable: Bool { kind != .pixels || current == 0 }
  }

  /// What lies in the folder, and no file of others, in the order of names.
  ///
  /// - Parameter contentHashes: of the images that the index has now.
  public func files(for contentHashes: some Sequence<String>) -> [File] {
    let current = Set(contentHashes.compactMap(ContentKey.init(digits:)))
    var files: [File] = []
    for name in names(in: url) {
      if Self.isSegment(name) {
        let keys = CacheSegment.keys(of: url.appendingPathComponent(name))
        files.append(
          file(
            name, keys == nil ? .outdated : .pixels, images: keys?.count ?? 0,
            current: keys?.count(where: current.contains) ?? 0))
      } else if Self.isLeftover(name) {
        if !isBeingWritten(name) { files.append(file(name, .leftover)) }
      }
    }
    let features = url.appendingPathComponent("features")
    for name in names(in: features) where name.hasSuffix(".f32") {
      files.append(file("features/" + name, .features))
    }
    return files
  }

  /// Removes a file. A process that reads it keeps it until it ends.
  ///
  /// - Returns: nil, or why it cannot be removed.
  public func remove(_ file: File) -> Failure? {
    let path = url.appendingPathComponent(file.name).path
    return unlink(path) == 0 ? nil : Failure(path: path, reason: String(cString: strerror(errno)))
  }

  /// Removes what killed processes left behind, and pixels in a form that is not read any more.
  func removeLeftovers() {
    for file in files(for: [])
    where file.kind == .leftover || file.kind == .outdated && isOfEarlierVersion(file.name) {
      _ = remove(file)
    }
  }

  private func file(_ name: String, _ kind: File.Kind, images: Int = 0, current: Int = 0) -> File {
    let status = status(name)
    return File(
      name: name, kind: kind, bytes: status.flatMap { Int(exactly: $0.st_size) } ?? 0,
      images: images, current: current, changed: status?.modified ?? Date(timeIntervalSince1970: 0))
  }

  private func status(_ name: String) -> stat? {
    var status = stat()
    return lstat(url.appendingPathComponent(name).path, &status) == 0 ? status : nil
  }

  private func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  private static func isSegment(_ name: String) -> Bool {
    name.hasPrefix("pixels-") && name.hasSuffix(".cache")
  }

  private static func isLeftover(_ name: String) -> Bool {
    name.hasPrefix(".pixels-") && name.hasSuffix(".tmp")
  }

  private func isOfEarlierVersion(_ name: String) -> Bool {
    let path = url.appendingPathComponent(name).path
    guard let descriptor = try? RegularFile.open(path, followsLink: false).descriptor else {
      return false
    }
    defer { close(descriptor) }
    var magic = [UInt8](repeating: 0, count: CacheSegment.magic.count)
    guard pread(descriptor, &magic, magic.count, 0) == magic.count else { return false }
    return magic.starts(with: CacheSegment.magic.prefix(6))
      && magic.lexicographicallyPrecedes(CacheSegment.magic)
  }

  /// Whether somebody holds the lock of a temporary file, or may be about to: a new one gets its
  /// lock a moment after its name, and is left alone for a minute.
  private func isBeingWritten(_ name: String) -> Bool {
    let path = url.appendingPathComponent(name).path
    guard let descriptor = try? RegularFile.open(path, followsLink: false).descriptor else {
      return true
    }
    defer { close(descriptor) }
    var status = stat()
    return fstat(descriptor, &status) != 0 || -status.modified.timeIntervalSinceNow <= 60
      || flock(descriptor, LOCK_EX | LOCK_NB) != 0
  }
}

extension stat {
  /// When the file was last written to.
  fileprivate var modified: Date {
    #if os(Linux)
      Date(timeIntervalSince1970: Double(st_mtim.tv_sec))
    #else
      Date(timeIntervalSince1970: Double(st_mtimespec.tv_sec))
    #endif
  }
}
