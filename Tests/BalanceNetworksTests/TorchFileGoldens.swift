import Foundation
import Testing

/// Tests/Goldens/pytorch.json: files that PyTorch wrote; see tools/goldens/pytorch.py.
struct TorchFileGoldens: Decodable {
  struct Tensor: Decodable {
    let dtype: String
    let shape: [Int]
    /// In single precision; nil for whole numbers.
    let values: Data?
  }

  struct File: Decodable, CustomTestStringConvertible {
    let name: String
    let bytes: Data
    let tensors: [String: Tensor]
    let note: String?

    var testDescription: String { name }
  }

  struct Refused: Decodable, CustomTestStringConvertible {
    let name: String
    let bytes: Data
    /// What the error says.
    let words: String

    var testDescription: String { name }
  }

  let files: [File]
  let refused: [Refused]

  static let all: TorchFileGoldens = {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Goldens/pytorch.json")
    do { return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url)) } catch {
      fatalError("\(url.path): \(error)")
    }
  }()
}
