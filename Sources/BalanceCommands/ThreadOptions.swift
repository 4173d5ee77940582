import ArgumentParser
import Foundation

/// How many files are read at a time.
struct ThreadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Threads that read files (default: all cores).", valueName: "count"))
  var threads: Int?

  static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

  var count: Int { threads ?? Self.cores }

  func validate() throws {
    guard threads ?? 1 > 0 else {
      throw ValidationError("--threads \(threads ?? 0) makes no sense: give 1 or more.")
    }
  }
}
