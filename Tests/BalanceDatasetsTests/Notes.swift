import BalanceCore
import Synchronization

/// Keeps what is noted.
final class Notes: ProgressReporter {
  private let notes = Mutex<[String]>([])
  var all: [String] { notes.withLock { $0 } }

  func begin(_ title: String, total: Int?, unit: String) {}
  func advance(by count: Int) {}
  func end() {}
  func note(_ text: String) { notes.withLock { $0.append(text) } }
}
