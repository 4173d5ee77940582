package import BalanceCore
package import Foundation

extension Parameters {
  /// Takes over the tensors and running statistics of another network's parameters that have the
  /// same names, but for those of `except`.
  ///
  /// - Parameter except: indices of this network's nodes.
  /// - Precondition: tensors of one name have one shape.
  public func copy(from other: Parameters, except: Set<Int> = []) {
    for (target, list) in [(values, entries), (bufferValues, buffers)] {
      for entry in list where !except.contains(entry.node) {
        guard let source = other.tensor(named: entry.name) else { continue }
        precondition(source.count == entry.count, "\(entry.name) has \(source.count) values")
        _ = slice(target, entry).update(from: source)
      }
    }
  }
}

/// What a file of weights holds, without reading the weights.
package enum WeightsFile {
  /// The shapes of a safetensors file's tensors, by name.
  ///
  /// - Throws: `BalanceError` for a file that cannot be read or is not sound.
  package static func shapes(at url: URL) throws(BalanceError) -> [String: [Int]] {
    let data: Data
    do { data = try Data(contentsOf: url, options: .alwaysMapped) } catch {
      throw BalanceError(
        .noInput, "cannot be read", at: url.path, remedy: "check the path to the weights")
    }
    return try Safetensors.decode(data, at: url.path).mapValues(\.shape)
  }
}
