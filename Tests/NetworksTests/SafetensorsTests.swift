import BalanceCore
import Foundation
import Networks
import Testing

@Suite struct SafetensorsTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-safetensors-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func parameters(seed: UInt64 = 1, classes: Int = 3) throws -> Parameters {
    try Parameters(
      ModelCatalog.network(
        "cnn", input: ImageShape(height: 8, width: 8, channels: 1), classes: classes),
      seed: seed)
  }

  @Test func whatIsSavedIsLoaded() throws {
    let url = folder.appendingPathComponent("a.safetensors")
    let saved = try parameters(seed: 1)
    saved.bufferValues[3] = 7
    try saved.save(to: url, metadata: ["model": "cnn"])
    let loaded = try parameters(seed: 2)
    try loaded.load(from: url)
    #expect(Array(loaded.values) == Array(saved.values))
    #expect(Array(loaded.bufferValues) == Array(saved.bufferValues))
    let first = try Data(contentsOf: url)
    try saved.save(to: url, metadata: ["model": "cnn"])
    #expect(try Data(contentsOf: url) == first)
  }

  @Test func anotherShapeNamesTheTensorAndBothShapes() throws {
    let url = folder.appendingPathComponent("b.safetensors")
    try parameters(classes: 5).save(to: url)
    let target = try parameters(classes: 3)
    let error = #expect(throws: BalanceError.self) { try target.load(from: url) }
    let text = error?.description ?? ""
    #expect(text.contains("fc.weight") && text.contains("[5, 128]") && text.contains("[3, 128]"))
  }

  /// Headers that lie: each is an error, none a crash or an allocation by the header's word.
  @Test(arguments: [
    "", "abc", "\u{1}", "{}",
    #"{"fc.weight":{"dtype":"F32","shape":[3,128],"data_offsets":[0,1536]}}"#,
    #"{"fc.weight":{"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,4]}}"#,
    #"{"fc.weight":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
    #"{"fc.weight":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
    #"{"fc.weight":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
    #"{"fc.weight":{"dtype":"F32","shape":"x","data_offsets":[0,4]}}"#, #"["fc.weight"]"#,
  ])
  func falseHeaders(header: String) throws {
    let url = folder.appendingPathComponent("false.safetensors")
    let target = try parameters()
    let before = Array(target.values)
    for length in [UInt64(header.utf8.count), .max, 1 << 40] {
      var data = withUnsafeBytes(of: length.littleEndian) { Data($0) }
      data.append(Data(header.utf8))
      data.append(Data(count: 8))
      try data.write(to: url)
      #expect(throws: BalanceError.self) { try target.load(from: url) }
    }
    try Data(header.utf8).write(to: url)
    #expect(throws: BalanceError.self) { try target.load(from: url) }
    #expect(Array(target.values) == before)
  }
}
