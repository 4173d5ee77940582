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

  private static let location: URL = {
    #if os(macOS)
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
      return (bundle ?? .main).bundleURL.deletingLastPathComponent()
        .appendingPathComponent("balance")
    #else
      return Bundle.main.bundleURL.appendingPathComponent("balance")
    #endif
  }()

  /// A process that is not started yet, with its output going to files in `folder`.
  static func process(_ arguments: [String], in folder: URL? = nil) -> Process {
    let process = Process()
    process.executableURL = location
    process.arguments = arguments
    process.environment = ["COLUMNS": "80", "PATH": "/usr/bin:/bin"]
    if let folder { process.currentDirectoryURL = folder }
    return process
  }

  static func run(_ arguments: String..., in folder: URL? = nil) throws -> Result {
    try run(arguments, in: folder)
  }

  static func run(_ arguments: [String], in folder: URL? = nil) throws -> Result {
    try withTemporaryFolder { scratch in
      let process = process(arguments, in: folder)
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
