public import BalanceCore
public import Foundation

/// The tensors of a weights file, or of a checkpoint in several files, by their names there.
///
/// Files are mapped: opening reads headers only, and values are read when they are loaded.
public struct StoredWeights: Sendable {
  /// Where it was read, for errors.
  public let path: String
  public let tensors: [String: StoredTensor]
  /// What the file says of itself; empty for several files.
  public let metadata: [String: String]
  /// Which of several things in the file the tensors are, in words; nil where there is but one.
  public let note: String?
  /// Those that the tensors lie in.
  private let files: [MappedFile]

  package init(
    path: String, tensors: [String: StoredTensor], metadata: [String: String] = [:],
    note: String? = nil, files: [MappedFile] = []
  ) {
    self.path = path
    self.tensors = tensors
    self.metadata = metadata
    self.note = note
    self.files = files
  }

  /// The files that its values are read from.
  package var sources: [URL] { files.map(\.url) }

  /// The same file with other tensors of it, or under other names.
  package func with(_ tensors: [String: StoredTensor]) -> StoredWeights {
    StoredWeights(path: path, tensors: tensors, metadata: metadata, note: note, files: files)
  }

  /// - Throws: `BalanceError` where a file has become shorter, or its disk has failed, since it was
  ///   opened: what has been read of it is not what it held.
  func checkReadable() throws(BalanceError) {
    for file in files { try file.check() }
  }

  /// Whether a file is as it was written by `Parameters.save` with a checksum; nil where it has
  /// none.
  ///
  /// - Throws: as `checkReadable`.
  package func isUnaltered() throws(BalanceError) -> Bool? {
    var result: Bool?
    for file in files { result = Safetensors.fitsChecksum(file.data) }
    try checkReadable()
    return result
  }

  /// Opens a safetensors file, a file of `torch.save`, or with a name that ends in `.json` the
  /// index of a checkpoint in several safetensors files, as in `model.safetensors.index.json`.
  ///
  /// Of a pickle only tensors, containers, strings and numbers are read; nothing in it is executed.
  ///
  /// - Throws: `BalanceError` for a file that cannot be read, is not sound or is a pickle that
  ///   names anything else, and for an index that leaves its folder or promises a tensor that its
  ///   file has not.
  public init(opening url: URL) throws(BalanceError) {
    if url.pathExtension.lowercased() == "json" {
      let (tensors, files) = try ShardIndex(reading: url).tensors(in: url)
      self.init(path: url.path, tensors: tensors, files: files)
    } else {
      let file = try Self.map(url)
      let content: Safetensors.Content
      do { content = try Safetensors.decode(file.data, at: url.path) } catch {
        try file.check()
        if TorchFile.isOne(file.data) {
          try self.init(torch: file)
          return
        }
        guard url.pathExtension.lowercased() == "onnx" else { throw error }
        throw BalanceError(
          .data, "is an ONNX model, expected safetensors", at: url.path,
          remedy: "bring its weights into such a file with 'balance import'")
      }
      self.init(
        path: url.path, tensors: content.tensors, metadata: content.metadata, files: [file])
    }
    try checkReadable()
  }

  /// As `init(opening:)`, of a file that is as it was written, as far as it knows.
  ///
  /// - Throws: as `init(opening:)`, and with code `data` where its checksum does not fit.
  package init(unaltered url: URL) throws(BalanceError) {
    try self.init(opening: url)
    if let alteration = try alteration {
      throw BalanceError(
        .data, alteration, at: path, remedy: "train the run again, or take a copy that is whole")
    }
  }

  /// That a file is not as it was written, in words: damaged, or edited by a program that has kept
  /// its checksum; nil where it is, or has none.
  ///
  /// - Throws: as `checkReadable`.
  package var alteration: String? {
    get throws(BalanceError) {
      try isUnaltered() == false
        ? "has changed since it was written: its checksum does not fit" : nil
    }
  }

  private init(torch file: MappedFile) throws(BalanceError) {
    let content = try TorchFile.decode(file.data, at: file.url.path)
    self.init(
      path: file.url.path, tensors: content.tensors, note: content.note, files: [file])
    try checkReadable()
  }

  /// The bytes of a file, mapped.
  package static func map(_ url: URL) throws(BalanceError) -> MappedFile {
    do { return try MappedFile(url) } catch {
      throw BalanceError(
        error.code, error.what, at: error.place, remedy: "check the path to the weights")
    }
  }
}

/// The index of a checkpoint in several files: which file has which tensor.
private struct ShardIndex: Decodable {
  let files: [String: String]

  enum CodingKeys: String, CodingKey { case files = "weight_map" }

  /// An index larger than this is false.
  private static let limit = 100 << 20

  init(reading url: URL) throws(BalanceError) {
    let file = try StoredWeights.map(url)
    let index =
      file.bytes.count <= Self.limit
      ? try? JSONDecoder().decode(Self.self, from: Data(file.bytes)) : nil
    try file.check()
    guard let index else {
      throw BalanceError(
        .data, "is not the index of a checkpoint: it has no 'weight_map' of tensors and files",
        at: url.path, remedy: "name a .safetensors file or its .index.json")
    }
    self = index
  }

  func tensors(in url: URL) throws(BalanceError) -> ([String: StoredTensor], [MappedFile]) {
    let folder = url.deletingLastPathComponent()
    var shards: [ByteKey: [String: StoredTensor]] = [:]
    var result: [String: StoredTensor] = [:]
    var mapped: [MappedFile] = []
    for (name, file) in files.sorted(by: { $0.key < $1.key }) {
      if shards[ByteKey(file)] == nil {
        // By words alone: the caches of model hubs are folders of links, which their owner made.
        guard !file.isEmpty, !file.isAbsolutePath, !file.utf8.contains(0),
          !file.pathParts.contains("..")
        else {
          throw BalanceError(
            .data, "puts tensor '\(name)' into '\(file)', outside the index's folder",
            at: url.path, remedy: "put all files of the checkpoint into one folder")
        }
        let shard = folder.appendingPathComponent(file)
        let opened = try StoredWeights.map(shard)
        mapped.append(opened)
        shards[ByteKey(file)] = try Safetensors.decode(opened.data, at: shard.path).tensors
      }
      guard let tensor = shards[ByteKey(file)]?[name] else {
        throw BalanceError(
          .data, "puts tensor '\(name)' into '\(file)', which has none of that name",
          at: url.path, remedy: "fetch the whole checkpoint again")
      }
      result[name] = tensor
    }
    return (result, mapped)
  }
}
