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

  /// Seeds are what PyTorch wrote for the tests.
  static var torch: FuzzTarget {
    FuzzTarget(
      name: "torch",
      seeds: {
        struct Goldens: Decodable {
          struct File: Decodable { let bytes: Data }
          let files: [File]
          let refused: [File]
        }
        let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
          .deletingLastPathComponent().deletingLastPathComponent()
        let goldens = try JSONDecoder().decode(
          Goldens.self,
          from: Data(contentsOf: project.appendingPathComponent("Tests/Goldens/pytorch.json")))
        return (goldens.files + goldens.refused).map(\.bytes)
      },
      words: [
        "ctorch\nFloatStorage\n", "ctorch._utils\n_rebuild_tensor_v2\n", "storage", "data.pkl",
        "ccollections\nOrderedDict\n", "state_dict", "PK", "byteorder",
      ],
      reader: {
        let parameters = try head()
        let file = try scratch("torch").appendingPathComponent("w.pth")
        return { data in
          try data.write(to: file)
          let weights = try StoredWeights(opening: file)
          for tensor in weights.tensors.values
          where tensor.dtype.isReadable && tensor.count < 1 << 16 {
            var values = [Float](repeating: 0, count: tensor.count)
            values.withUnsafeMutableBufferPointer { tensor.read(into: $0) }
          }
          try parameters.load(weights)
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
