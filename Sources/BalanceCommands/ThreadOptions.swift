import ArgumentParser
import BalanceCore

/// How many files are read at a time.
struct ThreadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Threads that read files (default: all cores).", valueName: "count"))
  var threads: Int?

  static var cores: Int { MachineLimits.cores }

  /// - Throws: `ValidationError` for a number that makes no sense on this machine.
  static func check(_ threads: Int?) throws {
    guard let threads else { return }
    do { try MachineLimits.check(threads: threads, at: "--threads") } catch {
      throw ValidationError(error.description)
    }
  }

  var count: Int { threads ?? Self.cores }

  func validate() throws {
    try Self.check(threads)
  }
}
