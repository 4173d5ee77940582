import BalanceCore
import Dispatch
import Foundation
import Synchronization
import Training

/// Ctrl-C and `kill`.
///
/// A training is asked to finish its step and save its state; the second signal, and the first one
/// in any other work, removes what is half-written, says so in one sentence, and exits with
/// 128 + signal. Other work needs no check points for this: a report gets its name only when it is
/// whole, and the index is a database that survives being cut off.
enum Interruption {
  private static let training = Mutex<StopRequest?>(nil)
  private static let received = Mutex<Int32>(SIGINT)

  static func install() {
    watch(SIGINT)
    watch(SIGTERM)
  }

  /// Calls `body` with the request that the first signal makes while it runs.
  static func withStopRequest<T>(_ body: (StopRequest) throws -> T) rethrows -> T {
    let request = StopRequest()
    training.withLock { $0 = request }
    defer { training.withLock { $0 = nil } }
    return try body(request)
  }

  /// The exit code of work that a signal has ended.
  static var exitCode: Int32 { 128 + received.withLock { $0 } }

  private static func watch(_ number: Int32) {
    signal(number, SIG_IGN)
    // A queue of its own: the global ones may be full of work at that moment.
    let source = DispatchSource.makeSignalSource(
      signal: number, queue: DispatchQueue(label: "balance.interruption.\(number)"))
    // The handler holds the source, and so keeps it alive as long as the program.
    source.setEventHandler { [source] in
      received.withLock { $0 = number }
      if let request = training.withLock({ $0 }), !request.isMade {
        request.stop()
        StandardError.tell(
          "balance: stopping after this step, to save the run; once more stops at once")
        return
      }
      Scratch.removeAll()
      StandardError.tell(
        "balance: stopped; what was finished is kept, nothing is half-written")
      source.cancel()
      _exit(128 + number)
    }
    source.resume()
  }
}
