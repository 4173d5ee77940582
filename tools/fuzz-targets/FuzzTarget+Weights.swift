import BalanceCore
import BalanceInterchange
import BalanceNetworks
import Foundation

extension FuzzTarget {
  static var safetensors: FuzzTarget {
    FuzzTarget(
      name: "safetensors",
      seeds: {
        let file = try scratch("seeds").appendingPathComponent("w.safetensors")
        try head().save(to: file, metadata: ["format": "pt"])
        return [
          try Data(contentsOf: file), Data(#"{"weight_map":{"fc.bias":"w.safetensors"}}"#.utf8),
        ]
      },
      words: [
        "__metadata__", "\"dtype\":", "\"shape\":[", "\"data_offsets\":[", "\"F32\"", "\"BF16\"",
        "\"F64\"", "\"I64\"", "\\u0061", "9223372036854775807", "weight_map",
      ],
      reader: {
        let parameters = try head()
        let folder = try scratch("safetensors")
        let file = folder.appendingPathComponent("w.safetensors")
        let index = folder.appendingPathComponent("w.safetensors.index.json")
        return { data in
          try data.write(to: file)
          if data.first == UInt8(ascii: "{") {
            try data.write(to: index)
            _ = try? StoredWeights(opening: index)
          }
          try parameters.load(from: file)
          precondition(parameters.values.allSatisfy(\.isFinite))
        }
      })
  }

  static var onnx: FuzzTarget {
    FuzzTarget(
      name: "onnx",
      seeds: {
        let model = ONNXExporter(
          try head(), classNames: ["a", "b"],
          normalization: Normalization(mean: [0.5], deviation: [0.25]))
        return [try model.encode()]
      },
      words: ["fc.weight", "fc.bias", "onnx::"],
      reader: {
        let parameters = try head()
        let file = try scratch("onnx").appendingPathComponent("w.onnx")
        return { data in
          try data.write(to: file)
          try parameters.load(StoredWeights(anyKind: file))
          precondition(parameters.values.allSatisfy(\.isFinite))
        }
      })
  }

  /// A network so small that every byte of its weights counts.
  private static func head() throws -> Parameters {
    var builder = NetworkBuilder()
    let shape = ImageShape(height: 1, width: 2, channels: 1)
    let mean = builder.append("mean", .globalAveragePool, builder.input)
    _ = builder.append("fc", .linear(.init(outputs: 2)), mean)
    return try Parameters(builder.network("head", input: shape, classes: 2), seed: 0)
  }
}
