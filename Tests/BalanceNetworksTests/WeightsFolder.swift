import BalanceCore
import BalanceNetworks
import Foundation

/// A folder of weights files that a test writes; removed with the value.
final class WeightsFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-weights-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// A safetensors file as anybody could write it: `length` replaces the header's true length.
  func write(
    _ name: String, header: Data, data: Data = Data(), length: UInt64? = nil
  ) throws -> URL {
    var bytes = withUnsafeBytes(of: (length ?? UInt64(header.count)).littleEndian) { Data($0) }
    bytes += header + data
    try bytes.write(to: file(name))
    return file(name)
  }

  /// A sound file of tensors that are given as dtype, shape and bytes.
  func write(_ name: String, _ tensors: [(String, String, [Int], Data)]) throws -> URL {
    var parts: [String] = []
    var data = Data()
    for (tensor, dtype, shape, bytes) in tensors {
      parts.append(
        """
        "\(tensor)":{"dtype":"\(dtype)","shape":\(shape),\
        "data_offsets":[\(data.count),\(data.count + bytes.count)]}
        """)
      data += bytes
    }
    return try write(name, header: Data("{\(parts.joined(separator: ","))}".utf8), data: data)
  }

  /// Two pixels' mean to two logits: `fc.weight` [2, 1] and `fc.bias` [2].
  static func head() throws -> Parameters {
    var builder = NetworkBuilder()
    let pooled = builder.append("pool", .globalAveragePool, builder.input)
    _ = builder.append("fc", .linear(.init(outputs: 2)), pooled)
    return try Parameters(
      builder.network(
        "head", input: ImageShape(height: 1, width: 2, channels: 1), classes: 2), seed: 0)
  }
}

func bytes<T: BitwiseCopyable>(_ values: [T]) -> Data {
  values.withUnsafeBytes { Data($0) }
}

/// A copy of a tensor's values; the parameters live until it is made.
func values(_ parameters: Parameters, _ name: String) -> [Float] {
  withExtendedLifetime(parameters) { parameters.tensor(named: name).map { Array($0) } ?? [] }
}
