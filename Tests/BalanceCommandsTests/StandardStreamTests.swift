import Foundation
import Testing

/// Standard output and standard error are files: a disk may be full, a stream closed, a reader
/// gone. What is lost shows in the exit code, and no run is lost with it.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
struct StandardStreamTests {
  private static let training = ["--epochs", "1", "--batch-size", "8", "--threads", "1", "--quiet"]

  /// Every command that writes a result to standard output.
  private static let commands: [[String]] = [
    ["--version"], ["--help"], ["help", "train"], ["train", "--help"],
    ["--generate-completion-script", "bash"],
    ["index", "photos"], ["index", "photos", "--json"], ["analyze", "photos"],
    ["split", "photos"], ["plan", "photos"], ["plan", "photos", "--json"],
    ["train", "photos", "--out", "NEW"] + training,
    ["lr-find", "photos", "--steps", "10", "--threads", "1", "--quiet"],
    ["adjust", "run", "--post-hoc", "logit-adjustment", "--out", "NEW", "--quiet"],
    ["compare", "photos", "--strategies", "none", "--seeds", "0", "--out", "NEW"] + training,
    ["cache", "photos"], ["cache", "photos", "--json"], ["runs", "."], ["runs", ".", "--json"],
    ["diff", "run", "run"],
    ["diff", "run", "run", "--json"], ["evaluate", "run"], ["evaluate", "run", "--json"],
    ["predict", "--model", "run", "photos", "--quiet"],
    ["predict", "--model", "run", "photos", "--json", "--quiet"],
  ]

  private func withRun(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try writePictures(["a", "b"], count: 12, in: folder)
      let trained = try BalanceBinary.run(
        ["train", "photos", "--out", "run"] + Self.training, in: folder)
      try #require(trained.code == 0, "\(trained.error)")
      try body(folder)
    }
  }

  /// Calls `run` with every command, each with a place of its own for what it makes, and checks
  /// that a run or report made there is whole.
  private func withEveryCommand(
    _ run: ([String], URL) throws -> BalanceBinary.Result, expect code: Int32, saying words: String?
  ) throws {
    try withRun { folder in
      for (number, command) in Self.commands.enumerated() {
        let arguments = command.map { $0 == "NEW" ? "new\(number)" : $0 }
        let result = try run(arguments, folder)
        #expect(result.code == code, "\(command): \(result.error)")
        let errors = result.errorLines.filter { $0.hasPrefix("balance: error: ") }
        #expect(errors.count == (words == nil ? 0 : 1), "\(command): \(result.error)")
        #expect(words.map { errors.first?.contains($0) == true } != false, "\(command)")
        guard command.contains("NEW") else { continue }
        let made = command[0] == "compare" ? "report.html" : "record.json"
        let place = folder.appendingPathComponent("new\(number)/\(made)").path
        #expect(FileManager.default.fileExists(atPath: place), "\(command)")
      }
    }
  }

  @Test(arguments: [
    ("> /dev/full", "standard output: cannot be written (No space left on device)"),
    (">&-", "standard output: cannot be written (it is closed)"),
  ])
  func outputThatCannotBeWritten(redirection: String, words: String) throws {
    try withEveryCommand(
      { try BalanceBinary.shell("exec \"$0\" \"$@\" \(redirection)", $0, in: $1) }, expect: 74,
      saying: words)
  }

  /// As with any program whose reader has seen enough: 128 and the number of SIGPIPE, no words.
  @Test func outputWhoseReaderIsGone() throws {
    try withEveryCommand(
      { arguments, folder in
        let process = BalanceBinary.process(arguments, in: folder)
        return try Self.finish(process, output: Self.brokenPipe())
      }, expect: 141, saying: nil)
  }

  /// What is told is lost, and nothing else.
  @Test(arguments: ["2> /dev/full", "2>&-"]) func errorThatCannotBeWritten(redirection: String)
    throws
  {
    try withRun { folder in
      func run(_ arguments: String...) throws -> BalanceBinary.Result {
        try BalanceBinary.shell("exec \"$0\" \"$@\" \(redirection)", arguments, in: folder)
      }
      let trained = try run(
        "train", "photos", "--out", "told", "--epochs", "2", "--batch-size", "8", "--threads", "1")
      #expect(trained.code == 0 && trained.out.contains("run: "))
      #expect(try BalanceBinary.run("evaluate", "told", in: folder).code == 0)
      #expect(try run("train", "nowhere", "--out", "x").code == 66)
      #expect(try run("trian").code == 64)
      #expect(try run("train", "photos", "--out", "told").code == 73)
      // A program that reads the lines must learn that some are missing.
      let log = try run(
        "train", "photos", "--out", "logged", "--epochs", "2", "--batch-size", "8", "--threads",
        "1", "--log-format", "json")
      #expect(log.code == 74 && log.out.contains("run: "))
      #expect(try BalanceBinary.run("evaluate", "logged", in: folder).code == 0)
    }
  }

  @Test func errorWhoseReaderIsGone() throws {
    try withRun { folder in
      func run(_ arguments: String...) throws -> BalanceBinary.Result {
        let process = BalanceBinary.process(arguments, in: folder)
        return try Self.finish(process, error: Self.brokenPipe())
      }
      let trained = try run(
        "train", "photos", "--out", "told", "--epochs", "2", "--batch-size", "8", "--threads", "1")
      #expect(trained.code == 0 && trained.out.contains("run: "))
      #expect(try run("train", "nowhere", "--out", "x").code == 66)
    }
  }

  /// Files that the program opens must not get the numbers of streams that are closed, or what is
  /// told would be written into them.
  @Test func closedStreamsAreNotTakenByFiles() throws {
    try withRun { folder in
      let result = try BalanceBinary.shell(
        "exec \"$0\" \"$@\" <&- >&- 2>&-",
        [
          "compare", "photos", "--strategies", "none", "--seeds", "0", "--epochs", "2", "--out",
          "all",
        ],
        in: folder)
      #expect(result.code == 74)
      let again = try BalanceBinary.run(
        [
          "compare", "photos", "--strategies", "none", "--seeds", "0", "--epochs", "2", "--out",
          "all",
        ], in: folder)
      #expect(again.code == 0 && again.error.contains("1 of 1 runs are done already"))
    }
  }

  /// A pipe that nobody reads.
  private static func brokenPipe() throws -> FileHandle {
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    return pipe.fileHandleForWriting
  }

  /// Runs a process with one of its streams given, the other into a file.
  private static func finish(
    _ process: Process, output: FileHandle? = nil, error: FileHandle? = nil
  ) throws -> BalanceBinary.Result {
    try withTemporaryFolder { scratch in
      let told = scratch.appendingPathComponent("told")
      try Data().write(to: told)
      let file = try FileHandle(forWritingTo: told)
      process.standardOutput = output ?? file
      process.standardError = error ?? file
      try process.run()
      process.waitUntilExit()
      let text = try String(contentsOf: told, encoding: .utf8)
      return BalanceBinary.Result(
        code: process.terminationStatus, out: output == nil ? text : "",
        error: error == nil ? text : "")
    }
  }
}
