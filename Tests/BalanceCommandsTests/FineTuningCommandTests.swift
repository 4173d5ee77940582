import Foundation
import Testing

@Suite struct FineTuningCommandTests {
  @Test func weightsOfOtherClassesAreTakenOver() throws {
    try withTemporaryFolder { folder in
      try writePictures(["cat", "dog", "owl"], count: 12, in: folder)
      let settings = ["--epochs", "3", "--batch-size", "8"]
      let first = try BalanceBinary.run(["train", "photos", "--out", "a"] + settings, in: folder)
      #expect(first.code == 0, "\(first.error)")
      try FileManager.default.removeItem(at: folder.appendingPathComponent("photos/owl"))
      let next = try BalanceBinary.run(
        [
          "train", "photos", "--out", "b", "--init", "a", "--freeze", "stage1", "--unfreeze-at",
          "3", "--backbone-rate", "0.1",
        ] + settings, in: folder)
      #expect(next.code == 0, "\(next.error)")
      #expect(
        next.error.contains("the head is new: the weights know 3 classes, the dataset has 2"))
      #expect(next.error.contains("note: from epoch 3 on, "))
      let manifest = try String(
        contentsOf: folder.appendingPathComponent("b/manifest.yaml"), encoding: .utf8)
      let lines = manifest.split(separator: "\n")
      let initial = "init: \"\(folder.appendingPathComponent("a").path)\""
      for line in [initial, "freeze: stage1", "unfreeze-at: 3", "backbone-rate: 0.1"] {
        #expect(lines.contains(line[...]), "\(line) is not in the manifest")
      }
      // Its own manifest repeats it.
      let again = try BalanceBinary.run(
        ["train", "photos", "--out", "c", "--manifest", "b/manifest.yaml"], in: folder)
      #expect(again.code == 0, "\(again.error)")
      let weights = try ["b", "c"].map {
        try Data(contentsOf: folder.appendingPathComponent("\($0)/weights.safetensors"))
      }
      #expect(weights[0] == weights[1])
    }
  }

  @Test(arguments: [
    (["--unfreeze-at", "3"], "--unfreeze-at: there is nothing to unfreeze"),
    (["--freeze", "backbone"], "--freeze: would freeze weights that nothing has trained"),
    (
      ["--freeze", "backbon"],
      "--freeze: unknown part to freeze 'backbon': did you mean 'backbone'?"
    ),
    (["--head-rate", "0"], "--head-rate: expected a number"),
  ])
  func nonsenseIsRefused(options: [String], words: String) throws {
    let result = try BalanceBinary.run(["train", "nowhere", "--out", "run"] + options)
    #expect(result.code == 64)
    #expect(result.error.contains(words), "\(result.error)")
  }
}
