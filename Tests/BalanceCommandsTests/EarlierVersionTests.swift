import BalanceCore
import BalanceTraining
import Foundation
import Testing

/// What an earlier version wrote is read, gone on with and compared.
@Suite struct EarlierVersionTests {
  /// Calls `body` with a copy of the files.
  private func withFiles(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let copy = folder.appendingPathComponent("earlier")
      try FileManager.default.copyItem(
        at: GoldenFile.project.appendingPathComponent("Tests/Goldens/earlier"), to: copy)
      // Beside the images, as it moves with them.
      let place = copy.appendingPathComponent("photos/.balance")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try FileManager.default.moveItem(
        at: copy.appendingPathComponent("index.sqlite"),
        to: place.appendingPathComponent("index.sqlite"))
      try body(copy)
    }
  }

  @Test func anIndexOpens() throws {
    try withFiles { folder in
      let result = try BalanceBinary.run("analyze", "photos", "-q", in: folder)
      #expect(result.code == 0, "\(result.error)")
      for word in ["bright", "dark", "grey"] { #expect(result.out.contains(word)) }
    }
  }

  @Test func aFinishedRunIsReadEvaluatedAndUsed() throws {
    try withFiles { folder in
      let run = try RunFolder(opening: folder.appendingPathComponent("runs/finished"))
      let record = try run.record()
      #expect(record.remedy == nil)
      #expect(
        record.knownRemedy
          == Remedy(
            strategy: "weighted", loss: "focal", classWeights: "inverse-frequency", weightsFrom: 2))
      let evaluated = try BalanceBinary.run("evaluate", "runs/finished", in: folder)
      #expect(evaluated.code == 0, "\(evaluated.error)")
      let predicted = try BalanceBinary.run(
        "predict", "--model", "runs/finished", "photos/dark", in: folder)
      #expect(predicted.code == 0 && predicted.out.split(separator: "\n").count == 7)
      let listed = try BalanceBinary.run("runs", ".", in: folder)
      #expect(listed.out.contains("focal+inverse-frequency@2"), "\(listed.out)")
    }
  }

  /// Also one that was cut off between its first two files.
  @Test(arguments: [true, false])
  func aRunThatWasCutOffGoesOn(hasManifest: Bool) throws {
    try withFiles { folder in
      if !hasManifest {
        try FileManager.default.removeItem(
          at: folder.appendingPathComponent("runs/unfinished/manifest.yaml"))
      }
      let result = try BalanceBinary.run(
        "train", "--resume", "runs/unfinished", "--data", "photos", "-q", in: folder)
      #expect(result.code == 0, "\(result.error)")
      let run = try RunFolder(opening: folder.appendingPathComponent("runs/unfinished"))
      #expect(try run.record().notes?.contains { $0.contains("went on from step") } == true)
    }
  }

  /// The settings that name a comparison's runs are still the same.
  @Test func aComparisonKeepsItsRuns() throws {
    try withFiles { folder in
      let result = try BalanceBinary.run(
        "compare", "photos", "--image-size", "6", "--threads", "1", "--batch-size", "8", "--model",
        "layers: conv 4, global-average, linear", "--epochs", "2",
        "--strategies", "none,oversample", "--losses", "cross-entropy", "--seeds", "0", "--out",
        "comparison", in: folder)
      #expect(result.code == 0, "\(result.error)")
      #expect(result.error.contains("2 of 2 runs are done already"), "\(result.error)")
    }
  }
}
