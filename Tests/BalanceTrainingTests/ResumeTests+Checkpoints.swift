import BalanceCore
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

/// Checkpoints that are damaged, altered, or of an earlier version.
extension ResumeTests {
  @Test func damagedCheckpointsAreErrors() throws {
    try Pictures.with { pictures in
      let run = try plainRun(pictures)
      let place = try cut(pictures, run)
      let file = place.appendingPathComponent("checkpoint.safetensors")
      let whole = try Data(contentsOf: file)
      func attempt() throws {
        _ = try run.run(
          into: RunFolderWriter(resuming: place), pool: ComputePool(threads: 1), observers: [])
      }
      for length in [0, 7, 100, whole.count / 2, whole.count - 1] {
        try whole.prefix(length).write(to: file)
        let error = #expect(throws: BalanceError.self) { try attempt() }
        #expect(error?.place == file.path)
        // What is there is left as it is.
        #expect(try Data(contentsOf: file).count == length)
      }
      var generator = KeyedGenerator(seed: 5, .test)
      // In the header and in the values alike.
      for limit in [4000, whole.count] {
        for _ in 0..<60 {
          var damaged = whole
          damaged[generator.below(min(whole.count, limit))] ^= UInt8(1 + generator.below(255))
          try damaged.write(to: file)
          let error = #expect(throws: BalanceError.self) { try attempt() }
          #expect(error?.place == file.path)
          #expect(error?.remedy?.contains("delete the file") == true)
        }
      }
      try whole.write(to: file)
      try attempt()
    }
  }

  /// Counts that no run has, in a file that is sound otherwise.
  @Test func impossibleCountsAreRefused() throws {
    try Pictures.with { pictures in
      let run = try plainRun(
        pictures,
        [
          "schedule": "reduce-on-plateau:macro-f1:0.5:1", "keep": "best", "ema": "0.9",
          "early-stopping": "accuracy:3",
        ])
      let place = try cut(pictures, run, after: 9)
      let file = place.appendingPathComponent("checkpoint.safetensors")
      let whole = try Data(contentsOf: file)
      func attempt() throws {
        _ = try run.run(
          into: RunFolderWriter(resuming: place), pool: ComputePool(threads: 1), observers: [])
      }
      for path in [
        ["position", "step"], ["position", "epoch"], ["position", "batch"],
        ["position", "resumedAt"], ["optimizer", "stepCount"], ["optimizer", "tensorSteps"],
        ["averageUpdates"], ["stopping", "epochsSince"], ["best", "epoch"],
        ["rates", "plateau", "badEpochs"], ["rates", "plateau", "cooldownLeft"],
        ["history", "epoch"],
      ] {
        for number in [Int.max, .min, -1, 1 << 40] {
          let altered = try CheckpointFile(whole).with(number, at: path)
          try #require(altered != whole)
          try altered.write(to: file)
          let error = #expect(throws: BalanceError.self, "\(path) \(number)") { try attempt() }
          #expect(error?.code == .data)
        }
      }
      try whole.write(to: file)
      try attempt()
    }
  }

  @Test func checkpointsOfEarlierVersionsHaveNoChecksum() throws {
    try Pictures.with { pictures in
      let run = try plainRun(pictures)
      let place = try cut(pictures, run)
      let file = place.appendingPathComponent("checkpoint.safetensors")
      try CheckpointFile(Data(contentsOf: file)).withoutChecksum().write(to: file)
      let resumed = try run.run(
        into: RunFolderWriter(resuming: place), pool: ComputePool(threads: 1), observers: [])
      let notes = try resumed.record().notes ?? []
      #expect(notes.contains { $0.contains("of an earlier version, without a checksum") })
      let whole = try run.run(
        into: RunFolderWriter(at: pictures.run("whole")), pool: ComputePool(threads: 1),
        observers: [])
      #expect(try bytes(resumed) == bytes(whole))
    }
  }
}
