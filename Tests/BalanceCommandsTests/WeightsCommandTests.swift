import Foundation
import Testing

@Suite struct WeightsCommandTests {
  @Test func aRunsWeightsFitItsModel() throws {
    try withTemporaryFolder { folder in
      try writePictures(["cat", "dog"], count: 12, in: folder)
      let trained = try BalanceBinary.run(
        ["train", "photos", "--epochs", "1", "--out", "run", "-q"], in: folder)
      try #require(trained.code == 0, "\(trained.error)")
      let whole = try BalanceBinary.run(["weights", "run/weights.safetensors"], in: folder)
      #expect(whole.code == 0, "\(whole.error)")
      #expect(whole.out.contains("fits cnn (grey, 2 classes)"))
      #expect(
        whole.out.contains("train PHOTOS --model cnn --init run/weights.safetensors --out RUN"))
      #expect(whole.out.contains("fc.weight") && whole.out.contains("2×128"))
      let other = try BalanceBinary.run(
        ["weights", "run/weights.safetensors", "--model", "resnet20"], in: folder)
      let words = other.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(other.code == 0 && words.contains("does not fit resnet20 (grey"))
      #expect(words.contains("'conv1.weight' [32, 1, 3, 3], not [16, 1, 3, 3]"))
    }
  }

  /// What would run a command when Python loads it is named and left alone.
  @Test func aPickleThatNamesCodeIsRefused() throws {
    try withTemporaryFolder { folder in
      let goldens = try JSONSerialization.jsonObject(
        with: Data(
          contentsOf: GoldenFile.project.appendingPathComponent("Tests/Goldens/pytorch.json")))
      let refused = try #require((goldens as? [String: Any])?["refused"] as? [[String: String]])
      let malicious = try #require(refused.first { $0["name"] == "system" })
      let bytes = try #require(malicious["bytes"].flatMap { Data(base64Encoded: $0) })
      try bytes.write(to: folder.appendingPathComponent("model.pth"))
      let result = try BalanceBinary.run(["weights", "model.pth"], in: folder)
      #expect(result.code == 65 && result.out.isEmpty)
      let words = try #require(malicious["words"])
      #expect(result.error.contains("model.pth: is not read as weights of PyTorch"))
      #expect(result.error.contains(words))
      #expect(result.error.contains("torch.save(model.state_dict(), NAME)"))
    }
  }
}
