import BalanceCore
import BalanceDatasets
import BalanceNetworks
import Foundation

/// Trained weights that a run starts from: a safetensors file, such as the checkpoint of an
/// unfinished run, a file of `torch.save`, or the folder of a finished one.
struct InitialWeights {
  let url: URL
  /// The finished run whose own they are: they must be as it wrote them.
  private let run: RunFolder?
  /// The classes that the weights know, where that is known.
  private let classNames: [String]?

  /// - Throws: `BalanceError` where the path names neither.
  init(path: String) throws(BalanceError) {
    let place = URL(fileURLWithPath: path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else {
      throw BalanceError(
        .noInput, "there are no such weights", at: path,
        remedy: "name a .safetensors or .pth file, or the folder of a run")
    }
    run = isFolder.boolValue ? try RunFolder(opening: place) : nil
    url = run?.location(.weights) ?? place
    classNames = try run?.model().classNames
  }

  /// The content hash of the weights that a path names, or why there is none.
  static func fingerprint(path: String) -> String {
    guard let weights = try? InitialWeights(path: path),
      let hash = try? ContentHash(of: MappedFile(weights.url))
    else { return "cannot be read" }
    return hash.hex
  }

  /// Brings the weights into `parameters`. The head is left as it was initialised where the weights
  /// know other classes.
  ///
  /// - Parameters:
  ///   - classNames: the classes of the parameters' network.
  ///   - renewsHead: whether the head is left as it was initialised anyhow.
  ///   - network: the same network with another number of classes, and a last layer of cosines or
  ///     not.
  /// - Returns: a sentence about the head, about which of several networks in the file it is,
  ///   about a prefix that all their names have, and about a file that somebody has changed.
  /// - Throws: `BalanceError` naming the tensor that is missing, unknown or of another shape, and
  ///   where a run's weights have changed.
  func load(
    into parameters: Parameters, classNames: [String], renewsHead: Bool,
    network: (_ classes: Int, _ cosine: Bool) throws(BalanceError) -> Network
  ) throws(BalanceError) -> String {
    let file = if let run { try run.weights() } else { try StoredWeights(opening: url) }
    var checkpoint = file.weights
    let inHead = parameters.network.headName.map { $0 + "." }
    let names = (parameters.tensors + parameters.buffers).map(\.name).filter { name in
      !(inHead.map(name.hasBytePrefix) ?? false)
    }
    let prefix = checkpoint.prefix(before: names)
    if let prefix { checkpoint = try checkpoint.removing(prefix: prefix) }
    let shapes = checkpoint.tensors.mapValues(\.shape)
    let head = parameters.network.headName.map { $0 + ".weight" } ?? ""
    let stored = shapes[head]?.first ?? classNames.count
    guard (1...1_000_000).contains(stored) else {
      throw BalanceError(.data, "tensor '\(head)' has \(stored) rows", at: url.path)
    }
    // Cosines are taken without a bias.
    let isCosine =
      shapes[head] != nil
      && parameters.network.headName.map { shapes[$0 + ".bias"] == nil } ?? false
    let source = try Parameters(network(stored, isCosine), seed: 0)
    try source.load(checkpoint)
    let reason: String? =
      if stored != classNames.count {
        "the weights know \(stored) classes, the dataset has \(classNames.count)"
      } else if let known = self.classNames, known != classNames {
        "the weights know other classes than the dataset has"
      } else if isCosine != parameters.network.hasCosineHead {
        "one of the weights' and the loss's last layer gives cosines, the other does not"
      } else if renewsHead {
        "as asked for"
      } else {
        nil
      }
    let all = parameters.network.nodes.indices
    parameters.copy(
      from: source,
      except: reason == nil ? [] : Set(all).subtracting(parameters.network.backboneNodes))
    let told = [
      checkpoint.note,
      try file.alteration.map { "the file \($0)" },
      prefix.map { "'\($0)' is taken off their names" },
    ]
    .compactMap(\.self).map { $0 + "; " }.joined()
    return told + (reason.map { "the head is new: \($0)" } ?? "the head keeps its weights")
  }
}
