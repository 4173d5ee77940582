import BalanceCore
import BalanceNetworks
import Foundation
import Testing

/// Files of `torch.save`, against what PyTorch had in memory.
@Suite struct TorchFileTests {
  let folder = try! WeightsFolder()

  private func opened(_ bytes: Data) throws -> StoredWeights {
    let url = folder.file("model.pth")
    try bytes.write(to: url)
    return try StoredWeights(opening: url)
  }

  @Test(arguments: TorchFileGoldens.all.files)
  func holdsWhatWasSaved(golden: TorchFileGoldens.File) throws {
    let weights = try opened(golden.bytes)
    #expect(Set(weights.tensors.keys) == Set(golden.tensors.keys))
    #expect(weights.note == golden.note)
    for (name, expected) in golden.tensors {
      let tensor = try #require(weights.tensors[name])
      #expect(tensor.shape == expected.shape, "\(name)")
      #expect(Self.dtypes[expected.dtype] == tensor.dtype, "\(name)")
      guard let values = expected.values else { continue }
      var found = [Float](repeating: .nan, count: tensor.count)
      found.withUnsafeMutableBufferPointer { tensor.read(into: $0) }
      #expect(bytes(found) == values, "\(name)")
      #expect(tensor.firstNonFinite() == nil)
    }
  }

  private static let dtypes: [String: StoredTensor.DType] = [
    "float64": .f64, "float32": .f32, "float16": .f16, "bfloat16": .bf16, "int64": .i64,
    "int32": .i32, "int16": .i16, "int8": .i8, "uint8": .u8, "bool": .bool,
  ]

  @Test(arguments: TorchFileGoldens.all.refused)
  func whatIsNoTensorIsRefused(golden: TorchFileGoldens.Refused) throws {
    let error = #expect(throws: BalanceError.self) { _ = try opened(golden.bytes) }
    #expect(error?.code == .data)
    #expect(error?.what.contains(golden.words) == true, "\(error?.what ?? "")")
  }

  /// Cut off anywhere, a file is an error, as long as anything of the tensors is missing.
  @Test(arguments: ["plain, zip", "plain, legacy", "checkpoint, zip", "views, legacy"])
  func aCutOffFileIsAnError(name: String) throws {
    let golden = try #require(TorchFileGoldens.all.files.first { $0.name == name })
    for length in stride(from: 0, to: golden.bytes.count, by: 7) {
      #expect(throws: BalanceError.self, "\(length)") {
        _ = try opened(golden.bytes.prefix(length))
      }
    }
  }

  /// Whatever bit of a file is another one, it is read within its bounds or refused.
  @Test(arguments: ["views, zip", "checkpoint, legacy"])
  func flippedBitsStayInBounds(name: String) throws {
    let golden = try #require(TorchFileGoldens.all.files.first { $0.name == name })
    var generator = KeyedGenerator(seed: 7, .test)
    for _ in 0..<2000 {
      var bytes = golden.bytes
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      do {
        for tensor in try opened(bytes).tensors.values
        where tensor.dtype.isReadable && tensor.count < 1 << 20 {
          var values = [Float](repeating: 0, count: tensor.count)
          values.withUnsafeMutableBufferPointer { tensor.read(into: $0) }
        }
      } catch is BalanceError {}
    }
  }

  @Test func weightsOfPyTorchAreLoaded() throws {
    let golden = try #require(TorchFileGoldens.all.files.first { $0.name == "plain, zip" })
    let url = folder.file("head.pth")
    try golden.bytes.write(to: url)
    let parameters = try WeightsFolder.head()
    try parameters.load(from: url)
    let expected = try #require(golden.tensors["fc.weight"]?.values)
    #expect(bytes(values(parameters, "fc.weight")) == expected)
  }
}
