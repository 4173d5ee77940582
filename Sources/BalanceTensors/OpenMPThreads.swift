import BalanceCore
import CBalanceOneDNN
import Foundation
import Synchronization

/// Work on the threads that oneDNN's primitives of several threads run on: those wait there for the
/// next layer, so another team would only take the cores from them.
package enum OpenMPThreads {
  /// Calls `body` for each part in `0..<parts`, at once where there are as many threads, and
  /// returns when all are done.
  package static func run(_ parts: Int, _ body: @Sendable (Int) -> Void) {
    if parts == 1 { return body(0) }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: Work(body: body)) { work in
        odn_parallel(
          Int32(parts),
          { part, context in
            context?.assumingMemoryBound(to: Work.self).pointee.body(Int(part))
          }, UnsafeMutableRawPointer(mutating: UnsafeRawPointer(work)))
      }
    }
  }

  /// As many threads as OpenMP may be asked for, at most `count`. It ends the program where the
  /// system refuses it a thread, so the system is asked first, for as many at once.
  package static func available(_ count: Int) -> Int {
    let before = SystemThread.count
    let gate = Gate()
    var tried: [SystemThread] = []
    while tried.count < count - 1, let thread = try? SystemThread({ gate.wait() }) {
      tried.append(thread)
    }
    gate.open()
    for thread in tried { thread.join() }
    // The system counts a thread a moment longer than it runs.
    for _ in 0..<1000 where SystemThread.count > before { usleep(1000) }
    return tried.count + 1
  }

  private struct Work {
    let body: @Sendable (Int) -> Void
  }
}

/// Holds threads until it is opened.
private final class Gate: Sendable {
  private let condition = NSCondition()
  private let isOpen = Atomic<Bool>(false)

  func wait() {
    condition.lock()
    while !isOpen.load(ordering: .relaxed) { condition.wait() }
    condition.unlock()
  }

  func open() {
    condition.lock()
    isOpen.store(true, ordering: .relaxed)
    condition.broadcast()
    condition.unlock()
  }
}
