extension Parameters {
  /// Takes over the tensors and running statistics of another network's parameters that have the
  /// same names, but for those of `except`.
  ///
  /// - Parameter except: indices of this network's nodes.
  /// - Precondition: tensors of one name have one shape.
  public func copy(from other: Parameters, except: Set<Int> = []) {
    for (target, list) in [(values, tensors), (bufferValues, buffers)] {
      for entry in list where !except.contains(entry.node) {
        guard let source = other.tensor(named: entry.name) else { continue }
        precondition(source.count == entry.count, "\(entry.name) has \(source.count) values")
        _ = slice(target, entry).update(from: source)
      }
    }
  }
}
