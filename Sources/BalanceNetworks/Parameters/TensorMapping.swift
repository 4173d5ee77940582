public import BalanceCore

/// How the tensor names of a checkpoint from elsewhere become a network's own.
public struct TensorMapping: Hashable, Sendable {
  /// The checkpoint's name of a tensor, by ours.
  public var names: [String: String] = [:]
  /// The checkpoint's prefix, by ours: `["layer1.": "stages.0."]`. The longest that fits counts.
  public var prefixes: [String: String] = [:]
  /// Prefixes that are taken off the checkpoint's names before anything else: `["module."]`.
  public var strip: [String] = []
  /// Prefixes of the checkpoint's names that are not wanted here.
  public var ignore: [String] = []

  /// Names stay as they are.
  public init() {}

  /// The checkpoint with our names; what has no name here keeps its own.
  ///
  /// - Parameters:
  ///   - ours: the names that the network has.
  ///   - title: the network, for errors.
  /// - Throws: `BalanceError` where the mapping names a tensor that the network or the checkpoint
  ///   has not, or two tensors would get one name.
  public func apply(to checkpoint: StoredWeights, names ours: [String], of title: String)
    throws(BalanceError) -> StoredWeights
  {
    let known = Set(ours)
    if let wrong = names.keys.sorted().first(where: { !known.contains($0) }) {
      throw Suggestion.unknown("tensor of \(title) in the mapping", wrong, among: ours)
    }
    var theirs: [String: StoredTensor] = [:]
    for (name, tensor) in checkpoint.tensors {
      let bare = stripped(name)
      if ignore.contains(where: { bare.hasBytePrefix($0) || name.hasBytePrefix($0) }) { continue }
      guard theirs.updateValue(tensor, forKey: bare) == nil else {
        throw BalanceError(
          .data, "has two tensors '\(bare)' once prefixes are taken off", at: checkpoint.path,
          remedy: "mend 'strip' in the mapping")
      }
    }
    var result: [String: StoredTensor] = [:]
    for name in ours {
      let wanted = theirName(of: name)
      if let tensor = theirs.removeValue(forKey: wanted) {
        result[name] = tensor
      } else if names[name] != nil {
        throw BalanceError(
          .data, "has no tensor '\(wanted)', which the mapping gives for '\(name)'",
          at: checkpoint.path, remedy: "mend the mapping")
      }
    }
    for (name, tensor) in theirs {
      guard result.updateValue(tensor, forKey: name) == nil else {
        throw BalanceError(
          .data, "has a tensor '\(name)', but the mapping takes another for that name",
          at: checkpoint.path, remedy: "add '\(name)' to 'ignore' in the mapping, or map it")
      }
    }
    return checkpoint.with(result)
  }

  private func stripped(_ name: String) -> String {
    let rests = strip.compactMap { name.droppingBytePrefix($0) }
    return rests.min { $0.utf8.count < $1.utf8.count } ?? name
  }

  private func theirName(of name: String) -> String {
    if let theirs = names[name] { return theirs }
    let renamed = prefixes.compactMap { rule in
      name.droppingBytePrefix(rule.key).map { (rest: $0, name: rule.value + $0) }
    }
    return renamed.min { $0.rest.utf8.count < $1.rest.utf8.count }?.name ?? name
  }
}
