import Foundation
import Testing

/// No command writes over what it reads, or over what is plainly no earlier output of it.
@Suite struct OutputPlaceTests {
  private func withRun(_ body: (_ folder: URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      try FileManager.default.moveItem(
        at: folder.appendingPathComponent("photos"), to: folder.appendingPathComponent("d"))
      let photo = try #require(
        FileManager.default.contentsOfDirectory(
          atPath: folder.appendingPathComponent("d/a").path
        ).min())
      try FileManager.default.copyItem(
        at: folder.appendingPathComponent("d/a/\(photo)"),
        to: folder.appendingPathComponent("p.png"))
      try FileManager.default.createSymbolicLink(
        atPath: folder.appendingPathComponent("link").path, withDestinationPath: "p.png")
      for words in [
        ["train", "d", "--out", "run", "--epochs", "1", "--threads", "1", "-q"],
        ["export", "run", "--out", "w.safetensors"], ["export", "run", "--out", "m.onnx"],
      ] {
        let result = try BalanceBinary.run(words, in: folder)
        try #require(result.code == 0, "\(result.error)")
      }
      try Data("strip: module.\n".utf8).write(to: folder.appendingPathComponent("m.yaml"))
      try body(folder)
    }
  }

  /// Command lines whose last word is what they must leave alone.
  @Test func whatIsNeededStays() throws {
    let predict = ["predict", "--model", "run", "d/b"]
    let find = ["lr-find", "d", "--steps", "10", "-q"]
    let load = ["import", "--model", "cnn", "--classes", "2", "--channels", "1"]
    let lines = [
      predict + ["--out", "p.png"], predict + ["--contact-sheet", "p.png"],
      predict + ["p.png", "--out", "link"], predict + ["--out", "run/predictions.csv"],
      predict + ["--out", "run/record.json"], predict + ["--out", "w.safetensors"],
      ["export", "run", "--out", "run/weights.safetensors"],
      ["export", "run", "--format", "onnx", "--out", "w.safetensors"],
      ["export", "run", "--format", "onnx", "--out", "run/record.json"],
      load + ["w.safetensors", "--out", "w.safetensors"], load + ["m.onnx", "--out", "m.onnx"],
      load + ["w.safetensors", "--mapping", "m.yaml", "--out", "m.yaml"],
      find + ["--out", "p.png"], find + ["--out", "d/.balance/index.sqlite"],
      find + ["--manifest", "run/manifest.yaml", "--out", "run/manifest.yaml"],
      find + ["--init", "w.safetensors", "--out", "w.safetensors"],
    ]
    try withRun { folder in
      for words in lines {
        let place = folder.appendingPathComponent(words.last ?? "")
        let before = try Data(contentsOf: place)
        let result = try BalanceBinary.run(words, in: folder)
        #expect(result.code == 64 || result.code == 73, "\(words) \(result.error)")
        // An index is brought up to date, and stays one.
        let length = place.pathExtension == "sqlite" ? 16 : before.count
        #expect(try Data(contentsOf: place).prefix(length) == before.prefix(length), "\(words)")
      }
    }
  }

  @Test func earlierOutputsAreReplaced() throws {
    try withRun { folder in
      for words in [
        ["predict", "--model", "run", "d/b", "--out", "t.csv", "--contact-sheet", "t.html"],
        ["export", "run", "--out", "w.safetensors"], ["export", "run", "--out", "m.onnx"],
        ["lr-find", "d", "--steps", "10", "--out", "t.csv", "-q"],
      ] {
        for _ in 0..<2 {
          let result = try BalanceBinary.run(words, in: folder)
          #expect(result.code == 0, "\(words) \(result.error)")
        }
      }
    }
  }
}
