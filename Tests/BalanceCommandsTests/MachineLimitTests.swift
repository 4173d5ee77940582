import Foundation
import Testing

/// More threads or memory than any machine has are refused, with the reason, before any is taken.
@Suite struct MachineLimitTests {
  @Test func threads() throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 4, in: folder)
      let commands = [
        ["index", "photos"], ["analyze", "photos"], ["train", "photos", "--out", "x"],
        ["lr-find", "photos"], ["compare", "photos", "--out", "x"], ["demo", "--to", "x"],
        ["predict", "photos", "--model", "x"],
      ]
      for command in commands {
        for count in ["100000", "-1"] {
          let result = try BalanceBinary.run(command + ["--threads=\(count)"], in: folder)
          #expect(result.code == 64, "\(command): \(result.error)")
          #expect(
            result.error.contains("expected threads from 1 to ")
              && result.error.contains("this machine has "), "\(command): \(result.error)")
        }
      }
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("x").path))
    }
  }

  @Test(arguments: [
    ["--batch-size", "1000000000"], ["--batch-size", "100000000", "--image-size", "64"],
    ["--batch-size", "1000000", "--image-size", "512", "--model", "resnet18"],
  ])
  func memory(settings: [String]) throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 4, in: folder)
      for command in [["train", "photos", "--out", "x"], ["lr-find", "photos"]] {
        let result = try BalanceBinary.run(command + settings + ["--threads", "1"], in: folder)
        #expect(result.code == 71, "\(result.error)")
        #expect(
          result.error.contains(" would take ")
            && result.error.contains(" can be had; use a small"),
          "\(result.error)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("x").path))
    }
  }

  /// A file that is no image is known by its first bytes, however large it is.
  @Test(arguments: ["", "a report, not a picture"])
  func aLargeFileThatIsNoImageTakesNoMemory(beginning: String) throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 4, in: folder)
      let large = folder.appendingPathComponent("photos/a/large.png")
      try Data(beginning.utf8).write(to: large)
      let result = try BalanceBinary.shell(
        "truncate -s 1000M photos/a/large.png; ulimit -v 900000; exec \"$0\" \"$@\"",
        ["index", "photos", "--threads", "2"], in: folder)
      #expect(result.code == 0, "\(result.error)")
      #expect(result.out.contains("a/large.png (not-an-image)"), "\(result.out)")
    }
  }
}
