import Foundation
import Testing

@Suite struct CacheCommandTests {
  private func files(_ folder: URL, _ arguments: String...) throws -> [[String: Any]] {
    let result = try BalanceBinary.run(["cache", "photos", "--json"] + arguments, in: folder)
    #expect(result.code == 0, "\(result.error)")
    let places = try #require(
      try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [[String: Any]])
    return try #require(places.first?["files"] as? [[String: Any]])
  }

  @Test func listsAndRemovesWhatTrainingLeaves() throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      let none = try BalanceBinary.run(["cache", "photos"], in: folder)
      #expect(none.code == 66 && none.error.contains("balance index"))
      for size in ["8", "9"] {
        let result = try BalanceBinary.run(
          [
            "train", "photos", "--out", "run-\(size)", "--epochs", "1", "--threads", "1",
            "--image-size", size,
          ], in: folder)
        try #require(result.code == 0, "\(result.error)")
      }
      #expect(try files(folder).map { $0["current"] as? Int } == [24, 24])
      #expect(try files(folder, "--prune").count == 2)
      let text = try BalanceBinary.run(["cache", "photos"], in: folder)
      #expect(text.out.contains("pixels-8x8x1-"))

      // Other images take the place of all.
      for name in ["a", "b"] {
        let place = folder.appendingPathComponent("photos/\(name)")
        for file in try FileManager.default.contentsOfDirectory(atPath: place.path).dropFirst() {
          try FileManager.default.removeItem(at: place.appendingPathComponent(file))
        }
      }
      #expect(try BalanceBinary.run(["index", "photos"], in: folder).code == 0)
      #expect(try files(folder).map { $0["current"] as? Int } == [2, 2])
      #expect(try files(folder, "--all").isEmpty)
      let left = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("photos/.balance/pixels").path)
      #expect(left.isEmpty)
    }
  }
}
