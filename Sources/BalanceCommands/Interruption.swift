import BalanceCore
import BalanceTraining
import Foundation
import Synchronization

/// Ctrl-C, `kill`, and a terminal that goes away.
///
/// A training is asked to finish its step and save its state; the second signal, and the first one
/// in any other work, removes what is half-written, says so in one sentence, and exits with
/// 128 + signal. Other work needs no check points for this: a report gets its name only when it is
/// whole, and the index is a database that survives being cut off.
///
/// A handler may do next to nothing, so it hands the signal on to a thread of its own, by a pipe.
enum Interruption {
  private static let training = Mutex<StopRequest?>(nil)
  private static let received = Atomic<Int32>(SIGINT)
  /// Where handlers write; -1 where there is no thread that reads.
  private static let pipeEnd = Atomic<Int32>(-1)

  /// Where the system gives no thread to watch, signals keep their usual meaning.
  static func install() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (reader, writer) = (ends[0], ends[1])
    guard let watcher = try? SystemThread({ watch(reader) }) else {
      for end in ends { close(end) }
      return
    }
    watcher.detach()
    pipeEnd.store(writer, ordering: .sequentiallyConsistent)
    for number in [SIGINT, SIGTERM] { handle(number) }
    // `nohup` has it ignored.
    var old = sigaction()
    if sigaction(SIGHUP, nil, &old) == 0, !isIgnored(old) { handle(SIGHUP) }
    // Whoever started the program may have had them blocked, which it inherits.
    withUnsafeTemporaryAllocation(of: sigset_t.self, capacity: 1) { buffer in
      guard let set = buffer.baseAddress else { return }
      sigemptyset(set)
      for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(set, number) }
      pthread_sigmask(SIG_UNBLOCK, set, nil)
    }
  }

  /// Calls `body` with the request that the first signal makes while it is heeded.
  static func withStopRequest<T>(_ body: (StopRequest) throws -> T) rethrows -> T {
    let request = StopRequest()
    training.withLock { $0 = request }
    defer { training.withLock { $0 = nil } }
    return try body(request)
  }

  /// The exit code of work that a signal has ended.
  static var exitCode: Int32 { 128 + received.load(ordering: .relaxed) }

  private static func isIgnored(_ action: sigaction) -> Bool {
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func handle(_ number: Int32) {
    signal(number) { number in
      let cause = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = write(Interruption.pipeEnd.load(ordering: .relaxed), &byte, 1)
      errno = cause
    }
  }

  private static func watch(_ reader: Int32) {
    var byte: UInt8 = 0
    while true {
      let count = read(reader, &byte, 1)
      if count == 1 { obey(Int32(byte)) } else if errno != EINTR { return }
    }
  }

  private static func obey(_ number: Int32) {
    if let request = training.withLock({ $0 }) {
      if request.isHeeded, !request.isMade {
        received.store(number, ordering: .relaxed)
        request.stop()
        return StandardError.tell(
          "balance: stopping after this step, to save the run; once more stops at once")
      }
      // A terminal that goes away sends it more than once, and nobody is impatient.
      if request.isHeeded, number == SIGHUP { return }
    }
    received.store(number, ordering: .relaxed)
    Scratch.removeAll()
    StandardError.tell("balance: stopped; what was finished is kept, nothing is half-written")
    _exit(128 + number)
  }
}
