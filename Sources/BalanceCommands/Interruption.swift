import BalanceCore
import Dispatch
import Foundation

/// Ctrl-C and `kill`: remove what is half-written, say so in one sentence, exit 128 + signal.
///
/// Work needs no check points for this: a run folder or a report gets its name only when it is
/// whole, and the index is a database that survives being cut off.
enum Interruption {
  static func install() {
    watch(SIGINT)
    watch(SIGTERM)
  }

  private static func watch(_ number: Int32) {
    signal(number, SIG_IGN)
    // A queue of its own: the global ones may be full of work at that moment.
    let source = DispatchSource.makeSignalSource(
      signal: number, queue: DispatchQueue(label: "balance.interruption.\(number)"))
    // The handler holds the source, and so keeps it alive as long as the program.
    source.setEventHandler { [source] in
      Scratch.removeAll()
      StandardError.write(
        "\nbalance: stopped; what was finished is kept, nothing is half-written\n")
      source.cancel()
      _exit(128 + number)
    }
    source.resume()
  }
}
