import BalanceCore
import BalanceInterchange
import BalanceNetworks
import BalanceONNXFormat
import Foundation
import SwiftProtobuf
import Testing

@Suite struct RoundTripTests {
  private func exporter(classNames: [String] = ["a", "b", "\"c\"\n"]) throws -> ONNXExporter {
    let network = try ModelCatalog.network(
      "resnet20", input: ImageShape(height: 8, width: 8, channels: 1), classes: 3)
    return ONNXExporter(
      try Parameters(network, seed: 1), classNames: classNames,
      normalization: Normalization(mean: [0.5], deviation: [0.25]))
  }

  private func withFile(_ data: Data, _ body: (URL) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-\(UUID().uuidString).onnx")
    try data.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url)
  }

  @Test func whatIsExportedIsImported() throws {
    let exporter = try exporter()
    let target = try Parameters(exporter.parameters.network, seed: 2)
    try withFile(exporter.encode()) { try target.load(StoredWeights(anyKind: $0)) }
    #expect(Array(target.values) == Array(exporter.parameters.values))
    #expect(Array(target.bufferValues) == Array(exporter.parameters.bufferValues))
  }

  /// Every operation with weights, in their names and layouts.
  @Test(arguments: [
    "cnn", "mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0", "efficientnet_lite0",
    "layers: conv 16 groups 2 dilation 2 norm none, residual 24, squeeze-excite, global-average, "
      + "linear 8, cosine",
  ])
  func weightsOfEveryKindComeBack(model: String) throws {
    let network = try ModelCatalog.network(
      model, input: ImageShape(height: 32, width: 32, channels: 2), classes: 3)
    let source = try Parameters(network, seed: 1)
    let target = try Parameters(network, seed: 2)
    for i in source.bufferValues.indices { source.bufferValues[i] = Float(i) }
    try withFile(exported(source, isFolded: false).serializedData()) {
      try target.load(StoredWeights(anyKind: $0))
    }
    for entry in source.tensors + source.buffers {
      let (found, expected) = (target.tensor(named: entry.name), source.tensor(named: entry.name))
      #expect(try Array(#require(found)) == Array(#require(expected)), "\(entry.name)")
    }
  }

  @Test func foldedBatchNormsAreMissed() throws {
    var exporter = try exporter()
    exporter.foldsBatchNorm = true
    let target = try Parameters(exporter.parameters.network, seed: 2)
    try withFile(exporter.encode()) { url in
      let error = #expect(throws: BalanceError.self) {
        try target.load(StoredWeights(anyKind: url))
      }
      #expect(error?.what.contains("no tensor 'bn1.weight'") == true)
    }
  }

  @Test func metadataSaysHowToUseTheModel() throws {
    let model = try ONNXModel(serializedBytes: exporter().encode())
    let metadata = Dictionary(
      uniqueKeysWithValues: model.metadataProps.map { ($0.key, $0.value) })
    let classes = try JSONDecoder().decode([String].self, from: Data(metadata["classes"]!.utf8))
    #expect(classes == ["a", "b", "\"c\"\n"])
    #expect(metadata["image_size"] == "[8,8]" && metadata["std"] == "[0.25]")
    #expect(metadata["channels"] == "grey" && metadata["input"] == "(pixels / 255 - mean) / std")
    #expect(metadata["resize"]?.contains("bilinear") == true && metadata["model"] == "resnet20")
    #expect(throws: BalanceError.self) { try exporter(classNames: ["a"]).encode() }
  }

  @Test func damagedModelsAreErrors() throws {
    let sound = try exporter().encode()
    var model = try ONNXModel(serializedBytes: sound)
    model.graph.initializer[0].dims = [1 << 60, 1 << 60]
    try withFile(model.serializedData()) { url in
      #expect(throws: BalanceError.self) { _ = try StoredWeights(onnx: url) }
    }
    model.graph.initializer[0].dataLocation = .external
    try withFile(model.serializedData()) { url in
      let error = #expect(throws: BalanceError.self) { _ = try StoredWeights(onnx: url) }
      #expect(error?.what.contains("in another file") == true)
    }
    for data in [Data(), Data("no model".utf8), sound.prefix(1000)] {
      try withFile(data) { url in
        #expect(throws: BalanceError.self) { _ = try StoredWeights(onnx: url) }
      }
    }
  }

  @Test func mappingFiles() throws {
    let text = "strip: [module., model.]\nprefixes: {layer1.: s0.}\nignore: x.\nfc.bias: b\n"
    let mapping = try TensorMapping(yaml: text, file: "m.yaml")
    #expect(mapping.strip == ["module.", "model."] && mapping.ignore == ["x."])
    #expect(mapping.prefixes == ["layer1.": "s0."] && mapping.names == ["fc.bias": "b"])
    let json = try TensorMapping(yaml: #"{"strip": "module.", "a": "b"}"#, file: "m.json")
    #expect(json.strip == ["module."] && json.names == ["a": "b"])
    for text in ["- a", "a: [b]", "a: b\na: c", "a: {b: c}", "{"] {
      #expect(throws: BalanceError.self) { _ = try TensorMapping(yaml: text, file: "m") }
    }
  }
}
