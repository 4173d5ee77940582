import BalanceCore
import BalanceNetworks
import Foundation
import Testing

@Suite struct StoredWeightsTests {
  private let folder: WeightsFolder

  init() throws {
    folder = try WeightsFolder()
    _ = try folder.write("1.safetensors", [("fc.weight", "F32", [2, 1], bytes([Float(1), 2]))])
    _ = try folder.write("2.safetensors", [("fc.bias", "F16", [2], bytes([UInt16(0x3C00), 0]))])
  }

  private func index(_ map: [String: String]) throws -> URL {
    let url = folder.file("model.safetensors.index.json")
    let object: [String: Any] = ["metadata": ["total_size": 12], "weight_map": map]
    try JSONSerialization.data(withJSONObject: object).write(to: url)
    return url
  }

  @Test func severalFilesAreOneCheckpoint() throws {
    let target = try WeightsFolder.head()
    try target.load(from: index(["fc.weight": "1.safetensors", "fc.bias": "2.safetensors"]))
    #expect(values(target, "fc.weight") == [1, 2])
    #expect(values(target, "fc.bias") == [1, 0])
  }

  @Test(arguments: [
    ("../1.safetensors", "outside"), ("a/../../1.safetensors", "outside"),
    ("../\u{301}1.safetensors", "outside"), ("/\u{301}etc/passwd", "outside"),
    ("/etc/passwd", "outside"), ("", "outside"), ("1.safetensors\u{0}", "outside"),
    ("3.safetensors", "no such file"), ("1.safetensors", "none of that name"),
  ])
  func filesThatTheIndexMayNotName(file: String, expected: String) throws {
    let url = try index(["fc.weight": "1.safetensors", "fc.bias": file])
    let error = #expect(throws: BalanceError.self) { _ = try StoredWeights(opening: url) }
    #expect(error?.what.contains(expected) == true, "\(error?.what ?? "")")
  }

  @Test(arguments: ["", "[]", "{}", #"{"weight_map": 3}"#, #"{"weight_map": {"a": 1}}"#])
  func filesThatAreNoIndex(text: String) throws {
    let url = folder.file("x.json")
    try Data(text.utf8).write(to: url)
    #expect(throws: BalanceError.self) { _ = try StoredWeights(opening: url) }
  }

  @Test(arguments: [
    (["module.fc.weight", "module.fc.bias", "step"], "module."),
    (["_orig_mod.module.fc.weight", "_orig_mod.module.fc.bias"], "_orig_mod.module."),
    // They are there as they are, not all are there, or there are two of each.
    (["fc.weight", "fc.bias", "ema.fc.weight", "ema.fc.bias"], nil),
    (["module.fc.weight"], nil),
    (["a.fc.weight", "a.fc.bias", "b.fc.weight", "b.fc.bias"], nil),
    (["xfc.weight", "xfc.bias"], nil),
  ])
  func aPrefixBeforeEveryName(names: [String], expected: String?) throws {
    let file = try folder.write(
      "prefixed.safetensors", names.map { ($0, "F32", [1], bytes([Float(1)])) })
    let checkpoint = try StoredWeights(opening: file)
    #expect(checkpoint.prefix(before: ["fc.weight", "fc.bias"]) == expected)
  }

  @Test func aMissingTensorWithAPrefixIsPointedAt() throws {
    let file = try folder.write(
      "twice.safetensors",
      ["a.fc.weight", "b.fc.weight"].map { ($0, "F32", [1], bytes([Float(1)])) })
    let error = #expect(throws: BalanceError.self) {
      try WeightsFolder.head().load(from: file)
    }
    #expect(
      error?.description.contains("but 'a.fc.weight'; take a prefix off with 'strip'") == true)
  }

  private func renamed() throws -> StoredWeights {
    try StoredWeights(
      opening: folder.write(
        "renamed.safetensors",
        [
          ("module.head.W", "F32", [2, 1], bytes([Float(3), 4])),
          ("module.out.bias", "F32", [2], bytes([Float(5), 6])),
          ("module.optimizer.step", "I64", [1], Data(count: 8)),
          ("module.fc.num_batches_tracked", "I64", [], Data(count: 8)),
        ]))
  }

  @Test func aMappingRenames() throws {
    var mapping = TensorMapping()
    mapping.strip = ["module."]
    mapping.names = ["fc.weight": "head.W"]
    mapping.prefixes = ["fc.": "out.", "f": "nowhere"]
    mapping.ignore = ["optimizer."]
    let target = try WeightsFolder.head()
    try target.load(renamed(), mapping: mapping)
    #expect(values(target, "fc.weight") == [3, 4])
    #expect(values(target, "fc.bias") == [5, 6])
  }

  @Test func faultsOfAMappingAreErrors() throws {
    let checkpoint = try renamed()
    let target = try WeightsFolder.head()
    func fails(_ expected: String, _ change: (inout TensorMapping) -> Void) throws {
      var mapping = TensorMapping()
      change(&mapping)
      let error = #expect(throws: BalanceError.self) {
        try target.load(checkpoint, mapping: mapping)
      }
      #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
    try fails("did you mean 'fc.weight'") { $0.names = ["fc.wieght": "x"] }
    try fails("no tensor 'x', which the mapping gives for 'fc.weight'") {
      $0.names = ["fc.weight": "x"]
    }
    try fails("has no tensor 'fc.weight' of shape [2, 1]") { _ in }
    try fails("two tensors ''") { $0.strip = ["module.head.W", "module.out.bias"] }
    try fails("a tensor 'optimizer.step' that head has not") {
      $0.strip = ["module."]
      $0.names = ["fc.weight": "head.W", "fc.bias": "out.bias"]
    }
  }
}
