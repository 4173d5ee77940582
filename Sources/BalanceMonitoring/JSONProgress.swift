public import BalanceCore
import Synchronization

/// Progress of long work as lines of `EventLog`: when it begins, when it ends, and every note.
public final class JSONProgress: ProgressReporter {
  private struct Task {
    let title: String
    let unit: String
    let began: Double
    var done = 0
  }

  struct WorkBegan: Encodable {
    let title: String
    let unit: String
    let total: Int?
  }

  struct WorkEnded: Encodable {
    let title: String
    let unit: String
    let done: Int
    let seconds: Double
  }

  private let lines: JSONLines
  /// Nested work, innermost last.
  private let tasks = Mutex<[Task]>([])

  public init(_ lines: JSONLines) { self.lines = lines }

  public func begin(_ title: String, total: Int?, unit: String) {
    let began = lines.seconds
    tasks.withLock { $0.append(Task(title: title, unit: unit, began: began)) }
    // Nobody may be listening any more; the work goes on all the same.
    try? lines.write("workBegan", WorkBegan(title: title, unit: unit, total: total))
  }

  public func advance(by count: Int) {
    tasks.withLock { if !$0.isEmpty { $0[$0.count - 1].done += count } }
  }

  public func end() {
    guard let task = tasks.withLock({ $0.popLast() }) else { return }
    try? lines.write(
      "workEnded",
      WorkEnded(
        title: task.title, unit: task.unit, done: task.done, seconds: lines.seconds - task.began))
  }

  public func note(_ text: String) { lines.note(text) }

  public func note(lines texts: [String]) { lines.note(texts.joined(separator: "\n")) }
}
