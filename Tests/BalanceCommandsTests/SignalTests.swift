import Foundation
import Testing

/// What ends the program from outside: a training saves its state first.
@Suite struct SignalTests {
  /// Starts a training that would go on for ever, and calls `body` when it has its first
  /// checkpoint.
  private func withTraining(
    _ script: String, _ body: (Process, URL) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      let process = BalanceBinary.process(
        [
          "-c", script, BalanceBinary.location.path, "train", "photos", "--out", "run", "--epochs",
          "100000000", "--batch-size", "8", "--threads", "1", "--checkpoint-every", "0",
        ], in: folder, program: URL(fileURLWithPath: "/bin/sh"))
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      let checkpoint = folder.appendingPathComponent("run/checkpoint.safetensors")
      while process.isRunning, !FileManager.default.fileExists(atPath: checkpoint.path) {
        usleep(10_000)
      }
      try body(process, folder)
      process.waitUntilExit()
    }
  }

  private func isSaved(_ folder: URL) throws -> Bool {
    let runs = try BalanceBinary.run("runs", "run", in: folder)
    return runs.code == 0 && runs.out.contains("unfinished")
  }

  /// Twice SIGHUP is no impatience: shell and system both tell of a terminal that goes away.
  @Test(arguments: [[SIGHUP], [SIGINT], [SIGTERM], [SIGHUP, SIGHUP]])
  func trainingIsSaved(signals: [Int32]) throws {
    try withTraining("exec \"$0\" \"$@\"") { process, folder in
      for signal in signals { kill(process.processIdentifier, signal) }
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 128 + signals[0])
      let saved = try isSaved(folder)
      #expect(saved)
    }
  }

  @Test func nohupIsRespected() throws {
    try withTraining("trap '' HUP; exec \"$0\" \"$@\"") { process, _ in
      kill(process.processIdentifier, SIGHUP)
      usleep(200_000)
      #expect(process.isRunning)
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      #expect(process.terminationStatus == 128 + SIGTERM)
    }
  }
}
