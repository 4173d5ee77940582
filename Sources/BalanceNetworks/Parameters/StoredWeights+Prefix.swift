package import BalanceCore

extension StoredWeights {
  /// The prefix that is before every one of the names here, such as `module.` of PyTorch's
  /// `DataParallel`, `_orig_mod.` of `torch.compile` or `model.` of Lightning; nil where the names
  /// are there as they are, where there is none, and where there are several, as of a student and
  /// its teacher.
  public func prefix(before names: [String]) -> String? {
    guard let first = names.first, !names.allSatisfy({ tensors[$0] != nil }) else { return nil }
    let found = tensors.keys.compactMap { name -> String? in
      guard name.utf8.ends(with: ".\(first)".utf8) else { return nil }
      let prefix = String(Substring(name.utf8.dropLast(first.utf8.count)))
      return names.allSatisfy { tensors[prefix + $0] != nil } ? prefix : nil
    }
    return found.count == 1 ? found[0] : nil
  }

  /// The same tensors without a prefix of their names.
  package func removing(prefix: String) throws(BalanceError) -> StoredWeights {
    var mapping = TensorMapping()
    mapping.strip = [prefix]
    return try mapping.apply(to: self, names: [], of: "")
  }
}

extension Collection where Element: Equatable {
  /// Whether these are the last elements.
  func ends(with suffix: some Collection<Element>) -> Bool {
    count >= suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
  }
}
