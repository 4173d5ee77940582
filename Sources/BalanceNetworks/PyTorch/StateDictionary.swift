import BalanceCore
import Foundation

/// The tensors of a network by their names, found in what a pickle holds.
struct StateDictionary: Sendable {
  let tensors: [String: StoredTensor]
  /// Which of several networks in the file it is; nil where there is but one.
  let note: String?

  typealias Fault = Pickle.Fault

  /// The keys under which networks are kept, the first that is there counts.
  private static let usualKeys = ["state_dict", "model_state_dict", "model", "model_ema"]
  /// How many dictionaries lie around a network's at most.
  private static let deepest = 3

  /// - Parameter storages: the bytes of the pickle's storages, in its order.
  /// - Throws: `Fault` where there are no tensors by name, or several networks and none under a
  ///   usual key.
  init(_ pickle: Pickle, storages: [Data]) throws(Fault) {
    let leading = pickle.dictionariesWithTensors(within: Self.deepest, under: Self.usualKeys)
    var (place, path, others) = (pickle.root, [String](), [String]())
    while pickle.tensors(of: place).isEmpty {
      guard path.count < Self.deepest, case .dictionary(let number) = place else {
        throw Self.nothing
      }
      let inner = pickle.dictionaries[number].compactMap { entry -> (String, PickleValue)? in
        guard case .string(let key) = entry.key, case .dictionary(let number) = entry.value,
          leading.contains(number)
        else { return nil }
        return (key, entry.value)
      }
      let usual = Self.usualKeys.lazy.compactMap { key in inner.last { $0.0 == key } }.first
      guard let chosen = usual ?? (inner.count == 1 ? inner[0] : nil) else {
        if inner.isEmpty { throw Self.nothing }
        throw Fault(
          what:
            "it holds several networks: \(inner.prefix(9).map { "'\($0.0)'" }.listed(by: "and"))",
          remedy: "save the one that is meant in Python: torch.save(torch.load(FILE)[KEY], NAME)")
      }
      others += inner.map(\.0).filter { $0 != chosen.0 }
      path.append(chosen.0)
      place = chosen.1
    }
    var tensors: [String: StoredTensor] = [:]
    for (name, tensor) in pickle.tensors(of: place) {
      let storage = pickle.storages[tensor.storage]
      // As in Python, what is set last counts.
      tensors[name] = StoredTensor(
        dtype: storage.dtype, view: tensor.view, of: storages[tensor.storage])
    }
    self.tensors = tensors
    note =
      others.isEmpty
      ? nil
      : "'\(path.joined(separator: "."))' is read of it; there are also "
        + others.prefix(9).map { "'\($0)'" }.listed(by: "and")
  }

  private static let nothing = Fault(
    what: "it holds no tensors by name",
    remedy: "write it again in Python: torch.save(model.state_dict(), NAME)")
}

extension Pickle {
  /// The tensors that are values of a dictionary, with their keys.
  fileprivate func tensors(of value: PickleValue) -> [(name: String, tensor: TorchTensor)] {
    guard case .dictionary(let number) = value else { return [] }
    return dictionaries[number].compactMap { entry in
      guard case .string(let name) = entry.key, case .tensor(let tensor) = entry.value else {
        return nil
      }
      return (name, tensors[tensor])
    }
  }

  /// The dictionaries that have tensors by name, and those that lead to such a one under some keys,
  /// so many deep at most.
  fileprivate func dictionariesWithTensors(within depth: Int, under keys: [String]) -> Set<Int> {
    var found: Set<Int> = []
    for level in 0..<depth {
      let known = found
      for (number, entries) in dictionaries.enumerated() where !known.contains(number) {
        let isOne = entries.contains { entry in
          switch (entry.key, entry.value) {
          case (.string, .tensor): level == 0
          case (.string(let key), .dictionary(let inner)):
            known.contains(inner) && keys.contains(key)
          default: false
          }
        }
        if isOne { found.insert(number) }
      }
    }
    return found
  }

  /// What a dictionary at the root has under a key.
  func value(of key: String) -> PickleValue? {
    guard case .dictionary(let number) = root else { return nil }
    return dictionaries[number].last { $0.key == .string(key) }?.value
  }
}
