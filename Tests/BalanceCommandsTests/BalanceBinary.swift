import Foundation

/// The built program, run as a user runs it.
enum BalanceBinary {
  struct Result {
    let code: Int32
    let out: String
    let error: String
    /// The lines of standard error that are not empty.
    var errorLines: [Substring] { error.split(whereSeparator: \.isNewline) }
  }

  static let location: URL = {
    #if os(macOS)
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
      return (bundle ?? .main).bundleURL.deletingLastPathComponent()
        .appendingPathComponent("balance")
    #else
      return Bundle.main.bundleURL.appendingPathComponent("balance")
    #endif
  }()

  /// Instead of the user's own.
  private static let cache = FileManager.default.temporaryDirectory
    .appendingPathComponent("balance-tests-cache-\(getpid())")

  /// A process that is not started yet.
  ///
  /// - Parameter program: another than `balance`.
  static func process(_ arguments: [String], in folder: URL? = nil, program: URL = location)
    -> Process
  {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = [
      "COLUMNS": "80", "PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": cache.path,
    ]
    if let folder { process.currentDirectoryURL = folder }
    return process
  }

  static func run(_ arguments: String..., in folder: URL? = nil) throws -> Result {
    try run(arguments, in: folder)
  }

  static func run(_ arguments: [String], in folder: URL? = nil) throws -> Result {
    try finish(process(arguments, in: folder))
  }

  /// Runs a shell script in which `"$0" "$@"` is the program with its arguments.
  static func shell(_ script: String, _ arguments: [String], in folder: URL? = nil) throws -> Result
  {
    try finish(
      process(
        ["-c", script, location.path] + arguments, in: folder,
        program: URL(fileURLWithPath: "/bin/sh")))
  }

  /// Starts a process and waits for its end.
  static func finish(_ process: Process) throws -> Result {
    try withTemporaryFolder { scratch in
      let out = scratch.appendingPathComponent("out")
      let error = scratch.appendingPathComponent("error")
      for url in [out, error] { try Data().write(to: url) }
      process.standardOutput = try FileHandle(forWritingTo: out)
      process.standardError = try FileHandle(forWritingTo: error)
      try process.run()
      process.waitUntilExit()
      return Result(
        code: process.terminationStatus, out: try String(contentsOf: out, encoding: .utf8),
        error: try String(contentsOf: error, encoding: .utf8))
    }
  }
}

/// Calls `body` with an empty folder that is removed afterwards.
func withTemporaryFolder<T>(_ body: (URL) throws -> T) throws -> T {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("balance-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
