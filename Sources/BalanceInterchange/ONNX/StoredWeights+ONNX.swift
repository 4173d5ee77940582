public import BalanceCore
public import BalanceNetworks
import BalanceONNXFormat
public import Foundation
import SwiftProtobuf

extension StoredWeights {
  /// Opens a weights file of any kind: by its name an `.onnx` model, of which the initializers
  /// count, or what `StoredWeights(opening:)` opens.
  ///
  /// - Throws: `BalanceError` for a file that cannot be read or is not sound.
  public init(anyKind url: URL) throws(BalanceError) {
    if url.pathExtension.lowercased() == "onnx" {
      try self.init(onnx: url)
    } else {
      try self.init(opening: url)
    }
  }

  /// The initializers of an ONNX model that hold real numbers, by their names.
  ///
  /// - Throws: `BalanceError` where two have one name, one has more or fewer values than its shape
  ///   says, or the weights lie in other files.
  public init(onnx url: URL) throws(BalanceError) {
    func damaged(_ what: String) -> BalanceError {
      BalanceError(
        .data, "is not a sound ONNX model: \(what)", at: url.path, remedy: "export it again")
    }
    let file = try Self.map(url)
    // Copies what it keeps.
    let decoded = try? ONNXModel(serializedBytes: file.data)
    try file.check()
    guard let model = decoded else { throw damaged("it cannot be decoded") }
    guard model.hasGraph else { throw damaged("it has no graph") }
    var tensors: [String: StoredTensor] = [:]
    for initializer in model.graph.initializer {
      let name = initializer.name
      guard initializer.dataLocation != .external else {
        throw BalanceError(
          .data, "keeps tensor '\(name)' in another file", at: url.path,
          remedy: "export the model as one file")
      }
      guard let dtype = initializer.dtype else { continue }
      let shape = initializer.dims.map { Int($0) }
      let bytes = initializer.bytes(dtype)
      guard Self.count(shape, width: dtype.width) == bytes.count else {
        throw damaged("tensor '\(name)' has shape \(shape) but \(bytes.count) bytes")
      }
      let tensor = StoredTensor(dtype: dtype, shape: shape, bytes: bytes)
      guard tensors.updateValue(tensor, forKey: name) == nil else {
        throw damaged("tensor '\(name)' is given twice")
      }
    }
    self.init(path: url.path, tensors: tensors)
  }

  /// The bytes of a shape; nil where they overflow or a size is negative.
  private static func count(_ shape: [Int], width: Int) -> Int? {
    var count = width
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if size < 0 || overflow { return nil }
      count = product
    }
    return count
  }
}

extension ONNXTensor {
  /// Nil for whole numbers and other values that are no weights.
  fileprivate var dtype: StoredTensor.DType? {
    switch DataType(rawValue: Int(dataType)) {
    case .float: .f32
    case .double: .f64
    case .float16: .f16
    case .bfloat16: .bf16
    default: nil
    }
  }

  /// The values as little-endian bytes, wherever the tensor keeps them.
  fileprivate func bytes(_ dtype: StoredTensor.DType) -> Data {
    if !rawData.isEmpty { return rawData }
    switch dtype {
    case .f32: return floatData.withUnsafeBytes { Data($0) }
    case .f64: return doubleData.withUnsafeBytes { Data($0) }
    default:
      return int32Data.map { UInt16(truncatingIfNeeded: $0) }.withUnsafeBytes { Data($0) }
    }
  }
}
