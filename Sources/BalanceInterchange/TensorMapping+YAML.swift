public import BalanceCore
public import BalanceNetworks
import Yams

extension TensorMapping {
  /// Reads a mapping file, YAML or JSON: `OURS: THEIRS` for single tensors, and
  ///
  ///     strip: module.                 taken off the checkpoint's names; one prefix or a list
  ///     prefixes: {layer1.: stages.0.}   our prefix and the checkpoint's
  ///     ignore: optimizer.             prefixes of tensors that are not wanted
  ///
  /// - Throws: `BalanceError` with code `usage`, with the line.
  public init(yaml text: String, file: String) throws(BalanceError) {
    self.init()
    try YAMLLimits.check(text, file: file)
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch {
      throw BalanceError(
        .usage, "is not YAML: \(Printable.folded(error))", at: file,
        remedy: "write lines 'OURS: THEIRS'")
    }
    guard let root else { return }
    for (key, value) in try Self.pairs(root, file) {
      switch key {
      case "strip": strip = try Self.list(value, file)
      case "ignore": ignore = try Self.list(value, file)
      case "prefixes":
        for (ours, theirs) in try Self.pairs(value, file) {
          prefixes[ours] = try Self.text(theirs, file)
        }
      default: names[key] = try Self.text(value, file)
      }
    }
  }

  private static func pairs(_ node: Node, _ file: String) throws(BalanceError) -> [(String, Node)] {
    guard let mapping = node.mapping else {
      throw BalanceError(.usage, "expected lines 'OURS: THEIRS'", at: place(node, file))
    }
    var result: [(String, Node)] = []
    var names: Set<String> = []
    for (key, value) in mapping {
      let name = try text(key, file)
      guard names.insert(name).inserted else {
        throw BalanceError(.usage, "'\(name)' is given twice", at: place(key, file))
      }
      result.append((name, value))
    }
    return result
  }

  private static func list(_ node: Node, _ file: String) throws(BalanceError) -> [String] {
    guard let sequence = node.sequence else { return [try text(node, file)] }
    var result: [String] = []
    for item in sequence { result.append(try text(item, file)) }
    return result
  }

  private static func text(_ node: Node, _ file: String) throws(BalanceError) -> String {
    guard let scalar = node.scalar else {
      throw BalanceError(
        .usage, "expected a tensor's name, found a list or a mapping", at: place(node, file))
    }
    return scalar.string
  }

  private static func place(_ node: Node, _ file: String) -> String {
    node.mark.map { "\(file), line \($0.line)" } ?? file
  }
}
