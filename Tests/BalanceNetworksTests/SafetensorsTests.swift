import BalanceCore
import BalanceNetworks
import Foundation
import Testing

@Suite struct SafetensorsTests {
  private let folder: WeightsFolder

  init() throws { folder = try WeightsFolder() }

  private func parameters(seed: UInt64 = 1, classes: Int = 3) throws -> Parameters {
    try Parameters(
      ModelCatalog.network(
        "cnn", input: ImageShape(height: 8, width: 8, channels: 1), classes: classes),
      seed: seed)
  }

  @Test func whatIsSavedIsLoaded() throws {
    let url = folder.file("a.safetensors")
    let saved = try parameters(seed: 1)
    saved.bufferValues[3] = 7
    try saved.save(to: url, metadata: ["model": "cnn"])
    let loaded = try parameters(seed: 2)
    try loaded.load(from: url)
    #expect(Array(loaded.values) == Array(saved.values))
    #expect(Array(loaded.bufferValues) == Array(saved.bufferValues))
    #expect(try StoredWeights(opening: url).metadata == ["model": "cnn"])
    let first = try Data(contentsOf: url)
    try saved.save(to: url, metadata: ["model": "cnn"])
    #expect(try Data(contentsOf: url) == first)
  }

  @Test func anotherShapeNamesTheTensorAndBothShapes() throws {
    let url = folder.file("b.safetensors")
    try parameters(classes: 5).save(to: url)
    let target = try parameters(classes: 3)
    let error = #expect(throws: BalanceError.self) { try target.load(from: url) }
    let text = error?.description ?? ""
    #expect(text.contains("fc.weight") && text.contains("[5, 128]") && text.contains("[3, 128]"))
  }

  @Test func tensorsCanBeLeftAsTheyAre() throws {
    let url = folder.file("c.safetensors")
    try parameters(seed: 1, classes: 5).save(to: url)
    let target = try parameters(seed: 2, classes: 3)
    let head = values(target, "fc.weight")
    try target.load(StoredWeights(opening: url), except: ["fc.weight", "fc.bias"])
    #expect(values(target, "fc.weight") == head)
    let source = try parameters(seed: 1)
    #expect(values(target, "conv1.weight") == values(source, "conv1.weight"))
  }

  /// Headers that lie, with what the error says; no crash, no allocation by the header's word.
  @Test(arguments: [
    ("", "JSON"), ("abc", "JSON"), ("\u{1}", "JSON"), ("[]", "JSON"), ("{", "JSON"),
    ("{}", "8 bytes at its end"), ("{}{}", "follows its end"), (#"{"a":1}"#, "JSON"),
    (#"{"a":{}}"#, "lacks dtype"), (#"{"a":{"dtype":"F32","shape":[1]}}"#, "lacks dtype"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, "lacks dtype"),
    (#"{"a":{"dtype":"F32","shape":[3,128],"data_offsets":[0,1536]}}"#, "[3, 128]"),
    (#"{"a":{"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,8]}}"#, "shape"),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387906],"data_offsets":[0,8]}}"#, "shape"),
    (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#, "shape"),
    (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, "too large"),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}"#, "whole number"),
    (#"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#, "JSON"),
    (#"{"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}"#, "begins with 0"),
    (#"{"a":{"dtype":"F32","shape":"x","data_offsets":[0,8]}}"#, "JSON"),
    (#"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#, "unknown dtype 'F99'"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "bytes [4, 0]"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#, "bytes [8, 12]"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "4 bytes before"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "4 bytes at its end"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, "overlap"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "overlap"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "'a' is given twice"
    ),
    (#"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "'dtype' twice"),
    (#"{"__metadata__":{"a":"b","a":"c"}}"#, "is given twice in its metadata"),
    (#"{"__metadata__":{},"__metadata__":{}}"#, "is given twice"),
    (#"{"__metadata__":{"a":1}}"#, "JSON"), (#"{"\ud800":{}}"#, "surrogate"),
    (#"{"\x":{}}"#, "escape"), (#"{"\u+123":{}}"#, "escape"), (#"{"a"#, "does not end"),
  ])
  func falseHeaders(header: String, expected: String) throws {
    let target = try parameters()
    let before = Array(target.values)
    for length in [nil, .max, 1 << 40, UInt64(header.utf8.count + 9)] {
      let url = try folder.write(
        "false.safetensors", header: Data(header.utf8), data: Data(count: 8), length: length)
      let error = #expect(throws: BalanceError.self) { try target.load(from: url) }
      let what = length == nil ? expected : "claims"
      #expect(error?.what.contains(what) == true, "\(error?.what ?? "")")
    }
    #expect(Array(target.values) == before)
  }

  @Test func filesThatAreNone() throws {
    let empty = folder.file("empty.safetensors")
    try Data().write(to: empty)
    let short = folder.file("short.safetensors")
    try Data(count: 7).write(to: short)
    let text = try folder.write("latin.safetensors", header: Data([0x7B, 0x22, 0xE9, 0x22]))
    for (url, expected) in [
      (empty, "0 bytes"), (short, "7 bytes"), (text, "not UTF-8"), (folder.url, "is a folder"),
      (folder.file("none"), "no such file"),
    ] {
      let error = #expect(throws: BalanceError.self) { _ = try StoredWeights(opening: url) }
      #expect(error?.what.contains(expected) == true, "\(error?.what ?? "")")
    }
  }

  /// Whatever happens to the bytes of a sound file, it is read or it is an error.
  @Test(arguments: 0..<20) func damagedFiles(seed: UInt64) throws {
    let target = try WeightsFolder.head()
    let sound = try folder.write(
      "sound.safetensors",
      [
        ("fc.weight", "F32", [2, 1], bytes([Float(1), 2])),
        ("fc.bias", "BF16", [2], bytes([UInt16(0x3F80), 0x4000])),
      ])
    let original = [UInt8](try Data(contentsOf: sound))
    var generator = KeyedGenerator(seed: seed, .test)
    var refused = 0
    for round in 0..<100 {
      var file = original
      for _ in 0...generator.below(3) {
        switch generator.below(4) {
        case 0: file[generator.below(file.count)] = UInt8(generator.below(256))
        case 1: file.removeLast(min(generator.below(9), file.count - 1))
        case 2: file.insert(UInt8(generator.below(256)), at: generator.below(file.count))
        default:
          let digits = file.indices.filter { (0x30...0x39).contains(file[$0]) }
          guard !digits.isEmpty else { continue }
          file[digits[generator.below(digits.count)]] = UInt8(0x30 + generator.below(10))
        }
      }
      let url = folder.file("damaged-\(round).safetensors")
      try Data(file).write(to: url)
      do { try target.load(from: url) } catch { refused += 1 }
      let isFinite = target.values.allSatisfy { $0.isFinite }
      #expect(isFinite, "seed \(seed), round \(round)")
    }
    #expect(refused > 50)
  }

  @Test func aChecksumFindsEveryFlippedByte() throws {
    let url = folder.file("sealed.safetensors")
    let saved = try parameters()
    try saved.saveWithChecksum(to: url, metadata: ["model": "cnn"])
    let whole = try Data(contentsOf: url)
    #expect(try StoredWeights(opening: url).isUnaltered() == true)
    try saved.saveWithChecksum(to: url, metadata: ["model": "cnn"])
    #expect(try Data(contentsOf: url) == whole)
    for place in Array(0..<400) + stride(from: 400, to: whole.count, by: whole.count / 200) {
      var damaged = whole
      damaged[place] ^= 1
      try damaged.write(to: url)
      guard let checkpoint = try? StoredWeights(opening: url) else { continue }
      // The checksum's own name is part of what it is found by.
      #expect(try checkpoint.isUnaltered() != true, "byte \(place)")
    }
    try saved.save(to: url)
    #expect(try StoredWeights(opening: url).isUnaltered() == nil)
  }

  @Test func aFileThatIsCutOffAfterItWasOpenedIsAnError() throws {
    let url = folder.file("cut.safetensors")
    try parameters().save(to: url)
    let checkpoint = try StoredWeights(opening: url)
    truncate(url.path, 5000)
    let error = #expect(throws: BalanceError.self) { try parameters().load(checkpoint) }
    #expect(error?.place == url.path)
  }
}
