import Foundation
import Testing

/// Where a command's files are: pipes in their place, datasets that have moved, folders of others.
@Suite struct FilePlaceTests {
  private static let quick = [
    "--model", "cnn", "--epochs", "1", "--batch-size", "8", "--image-size", "8", "--threads", "1",
    "-q",
  ]

  private func train(_ root: URL, _ out: URL, _ more: [String] = []) throws -> BalanceBinary.Result
  {
    try BalanceBinary.run(["train", root.path, "--out", out.path] + Self.quick + more)
  }

  /// Whatever a command reads, a named pipe in its place is refused: nobody may ever write into it.
  @Test(arguments: [
    ["index", "photos", "--csv", "PIPE", "--image-column", "a", "--label-column", "b"],
    ["train", "photos", "--out", "run", "--manifest", "PIPE"],
    ["train", "photos", "--out", "run", "--init", "PIPE"],
    ["compare", "PIPE.yaml", "--out", "out"],
    ["evaluate", "--predictions", "PIPE"],
    ["import", "PIPE.safetensors", "--model", "cnn", "--classes", "2", "--out", "w.safetensors"],
    ["index", "photos", "--index", "PIPE"],
  ])
  func aPipeInPlaceOfAFileIsRefused(words: [String]) throws {
    try DatasetCommandTests.withDataset { root in
      let folder = root.deletingLastPathComponent()
      for word in words where word.hasPrefix("PIPE") {
        #expect(mkfifo(folder.appendingPathComponent(word).path, 0o644) == 0)
      }
      let result = try BalanceBinary.run(words, in: folder)
      #expect(result.code == 66 || result.code == 65, "\(result.code) \(result.error)")
      #expect(result.error.contains("is a pipe, expected a file"), "\(result.error)")
    }
  }

  @Test func aPipeInPlaceOfARunsFileIsRefused() throws {
    try DatasetCommandTests.withDataset { root in
      let run = root.deletingLastPathComponent().appendingPathComponent("run")
      #expect(try train(root, run).code == 0)
      for (name, command) in [
        ("record.json", "evaluate"), ("predictions.csv", "evaluate"), ("model.json", "predict"),
      ] {
        let place = run.appendingPathComponent(name)
        let kept = try Data(contentsOf: place)
        try FileManager.default.removeItem(at: place)
        #expect(mkfifo(place.path, 0o644) == 0)
        let image = root.appendingPathComponent("ant/0.png").path
        let result = try BalanceBinary.run(
          command == "predict" ? ["predict", "--model", run.path, image] : [command, run.path])
        #expect(result.code != 0 && result.error.contains("is a pipe"), "\(name): \(result.error)")
        try FileManager.default.removeItem(at: place)
        try kept.write(to: place)
      }
    }
  }

  /// What the shell hands over as a stream is read: `balance evaluate --predictions <(zcat …)`.
  @Test func streamsOfTheShellAreRead() throws {
    try DatasetCommandTests.withDataset { root in
      let run = root.deletingLastPathComponent().appendingPathComponent("run")
      #expect(try train(root, run).code == 0)
      let process = BalanceBinary.process(["evaluate", "--predictions", "/dev/stdin", "--json"])
      let (input, output) = (Pipe(), Pipe())
      process.standardInput = input
      process.standardOutput = output
      try process.run()
      try input.fileHandleForWriting.write(
        contentsOf: Data(contentsOf: run.appendingPathComponent("predictions.csv")))
      try input.fileHandleForWriting.close()
      let answer = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(String(decoding: answer, as: UTF8.self).contains("accuracyInterval"))
    }
  }

  /// A run goes on where its dataset has moved, with the index inside of it or elsewhere.
  @Test(arguments: [nil, "kept/index.sqlite"])
  func aRunGoesOnWithItsMovedDataset(place: String?) throws {
    try DatasetCommandTests.withDataset { root in
      let folder = root.deletingLastPathComponent()
      let index = place.map { ["--index", folder.appendingPathComponent($0).path] } ?? []
      let run = folder.appendingPathComponent("run")
      let first = try train(root, run, index)
      #expect(first.code == 0, "\(first.error)")
      let predictions = run.appendingPathComponent("predictions.csv")
      let before = try Data(contentsOf: predictions)
      // Without its record, a run is one that was cut off.
      for name in ["record.json", "predictions.csv"] {
        try FileManager.default.removeItem(at: run.appendingPathComponent(name))
      }
      let moved = folder.appendingPathComponent("elsewhere")
      #expect(rename(root.path, moved.path) == 0)
      let lost = try BalanceBinary.run("train", "--resume", run.path, "-q")
      #expect(lost.code == 66 && lost.error.contains("--data FOLDER"), "\(lost.error)")
      let resumed = try BalanceBinary.run("train", "--resume", run.path, "--data", moved.path, "-q")
      #expect(resumed.code == 0, "\(resumed.error)")
      #expect(try Data(contentsOf: predictions) == before)
      // From now on it knows the place.
      try FileManager.default.removeItem(at: run.appendingPathComponent("record.json"))
      let again = try BalanceBinary.run("train", "--resume", run.path, "-q")
      #expect(again.code == 0, "\(again.error)")
      let evaluated = try BalanceBinary.run(
        ["evaluate", run.path, "--dataset", moved.path, "-q"] + index)
      #expect(evaluated.code == 0, "\(evaluated.error)")
    }
  }

  /// What the user allows once is remembered, out of the dataset's reach.
  @Test func anAllowanceIsRemembered() throws {
    try DatasetCommandTests.withDataset { root in
      let other = root.deletingLastPathComponent().appendingPathComponent("other.png")
      try FileManager.default.copyItem(at: root.appendingPathComponent("cat/7.png"), to: other)
      let link = root.appendingPathComponent("ant/link.png")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: other)
      let first = try BalanceBinary.run("index", root.path, "--allow-outside-root", "-q")
      #expect(first.out.hasPrefix("49 images"), "\(first.error)")
      let second = try BalanceBinary.run("analyze", root.path, "-q")
      #expect(second.code == 0 && second.out.contains("49 images"), "\(second.error)")
      for _ in 0..<2 {
        let again = try BalanceBinary.run("index", root.path, "-q")
        #expect(again.out.hasPrefix("49 images"), "\(again.error)")
      }
      let taken = try BalanceBinary.run("index", root.path, "--no-allow-outside-root", "-q")
      #expect(taken.out.hasPrefix("48 images"), "\(taken.error)")
      #expect(try BalanceBinary.run("index", root.path, "-q").out.hasPrefix("48 images"))
      #expect(
        try BalanceBinary.run("index", root.path, "--allow-outside-root", "-q").code == 0)
      // As another user, or at another place, who has allowed nothing.
      let moved = root.deletingLastPathComponent().appendingPathComponent("moved")
      #expect(rename(root.path, moved.path) == 0)
      let third = try BalanceBinary.run("analyze", moved.path, "-q")
      #expect(third.code == 65 && third.error.contains("only you may allow"), "\(third.error)")
    }
  }

  /// A run is resumed from any folder.
  @Test func weightsToBeginWithAreFoundFromAnywhere() throws {
    try DatasetCommandTests.withDataset { root in
      let folder = root.deletingLastPathComponent()
      let run = folder.appendingPathComponent("run")
      #expect(try train(root, run).code == 0)
      let result = try BalanceBinary.run(
        ["train", root.path, "--init", "run", "--out", "next"] + Self.quick, in: folder)
      #expect(result.code == 0, "\(result.error)")
      let manifest = folder.appendingPathComponent("next/manifest.yaml")
      let text = try String(contentsOf: manifest, encoding: .utf8)
      #expect(text.contains("init: \"\(run.path)\""), "\(text)")
    }
  }

  @Test func aComparisonDoesNotGoIntoARunsFolder() throws {
    try DatasetCommandTests.withDataset { root in
      let run = root.deletingLastPathComponent().appendingPathComponent("run")
      #expect(try train(root, run).code == 0)
      let before = try FileManager.default.subpathsOfDirectory(atPath: run.path).sorted()
      let result = try BalanceBinary.run(
        ["compare", root.path, "--out", run.path, "--seeds", "0", "--strategies", "none"]
          + Self.quick)
      #expect(
        result.code == 73 && result.error.contains("is the folder of a run"), "\(result.error)")
      #expect(try FileManager.default.subpathsOfDirectory(atPath: run.path).sorted() == before)
      let folder = root.deletingLastPathComponent().appendingPathComponent("mine")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: folder.appendingPathComponent("report.md"))
      let other = try BalanceBinary.run(["compare", root.path, "--out", folder.path] + Self.quick)
      #expect(other.code == 73 && other.error.contains("holds a report.md"), "\(other.error)")
      let forced = try train(root, run, ["--force"])
      #expect(forced.code == 0, "\(forced.error)")
    }
  }
}
