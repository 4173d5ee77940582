import BalanceCore
import Foundation
import Synchronization

/// Progress on standard error: one updating line with rate and time left on a terminal, a plain
/// line now and then elsewhere, nothing at all with `--quiet`.
package final class TerminalProgress: BalanceCore.ProgressReporting {
  /// How a stream likes to be told.
  package enum Style: Sendable {
    case terminal(columns: Int)
    case plain
    case silent
  }

  private struct State {
    /// Nested work, innermost last.
    var tasks: [ProgressTask] = []
    /// Seconds at which the last line was drawn.
    var lastDrawn: Double
    /// Whether an updating line stands on the screen.
    var isDrawn = false
  }

  private let style: Style
  private let write: @Sendable (String) -> Void
  /// Seconds since some fixed moment.
  private let now: @Sendable () -> Double
  private let state: Mutex<State>

  package init(
    style: Style, write: @escaping @Sendable (String) -> Void,
    now: @escaping @Sendable () -> Double
  ) {
    self.style = style
    self.write = write
    self.now = now
    state = Mutex(State(lastDrawn: now()))
  }

  convenience init(quiet: Bool) {
    self.init(
      style: quiet ? .silent : Self.styleOfStandardError(), write: { StandardError.write($0) },
      now: { ProcessInfo.processInfo.systemUptime })
  }

  package func begin(_ title: String, total: Int?, unit: String) {
    let task = ProgressTask(title: title, total: total, unit: unit, started: now())
    state.withLock { state in
      state.tasks.append(task)
      draw(&state, force: true)
    }
  }

  package func advance(by count: Int) {
    state.withLock { state in
      guard !state.tasks.isEmpty else { return }
      state.tasks[state.tasks.count - 1].done += count
      draw(&state, force: false)
    }
  }

  package func end() {
    state.withLock { state in
      guard let task = state.tasks.popLast() else { return }
      let seconds = now() - task.started
      // Work that was over before anybody could read its line leaves none.
      if seconds >= 1, state.tasks.isEmpty { print(task.summary(after: seconds), &state) }
      erase(&state)
    }
  }

  package func note(_ text: String) {
    state.withLock { print(text, &$0) }
  }

  private func draw(_ state: inout State, force: Bool) {
    guard let task = state.tasks.last else { return }
    let moment = now()
    switch style {
    case .silent:
      return
    case .plain:
      guard moment - state.lastDrawn >= 10, !force else { return }
      write(task.line(at: moment) + "\n")
    case .terminal(let columns):
      guard force || moment - state.lastDrawn >= 0.1 else { return }
      write("\r\u{1B}[K" + String(task.line(at: moment).prefix(max(columns - 1, 10))))
      state.isDrawn = true
    }
    state.lastDrawn = moment
  }

  private func print(_ line: String, _ state: inout State) {
    if case .silent = style { return }
    erase(&state)
    write(line + "\n")
    draw(&state, force: true)
  }

  private func erase(_ state: inout State) {
    if state.isDrawn { write("\r\u{1B}[K") }
    state.isDrawn = false
  }

  private static func styleOfStandardError() -> Style {
    guard isatty(STDERR_FILENO) == 1 else { return .plain }
    var size = winsize()
    let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return .terminal(columns: known ? Int(size.ws_col) : 80)
  }
}
