import BalanceCore
import BalanceInterchange
import BalanceNetworks
import Foundation

/// Reads a weights file, for another program to compare.
enum WeightsProbe {
  private struct Tensor: Encodable {
    let name: String
    let dtype: String
    let shape: [Int]
  }

  /// Writes tensors.json, a list in the order of their names, and values.bin, the values of those
  /// that are real numbers in single precision, one tensor after another; not of the largest.
  static func run(_ file: URL, into folder: ProbeFolder) throws {
    let weights = try StoredWeights(anyKind: file)
    var values: [Float] = []
    var list: [Tensor] = []
    for (name, tensor) in weights.tensors.sorted(by: { $0.key < $1.key }) {
      list.append(Tensor(name: name, dtype: tensor.dtype.rawValue, shape: tensor.shape))
      guard tensor.dtype.isReadable, tensor.count < 1 << 24 else { continue }
      values += [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
        tensor.read(into: UnsafeMutableBufferPointer(rebasing: buffer[..<tensor.count]))
        count = tensor.count
      }
    }
    try CanonicalJSON.encode(list).write(to: folder("tensors.json"))
    try values.withUnsafeBufferPointer { Data(buffer: $0) }.write(to: folder("values.bin"))
  }
}
