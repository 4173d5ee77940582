import BalanceCore
import Foundation
import Synchronization

/// Progress on standard error: one updating line with rate and time left on a terminal, a plain
/// line now and then elsewhere, nothing at all with `--quiet`.
package final class TerminalProgress: ProgressReporter {
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
    /// How many updating lines are on the screen, the cursor on the first.
    var linesDrawn = 0
  }

  private let style: Style
  private let write: @Sendable (String) -> Void
  /// Seconds since some fixed moment.
  private let now: @Sendable () -> Double
  /// Of the terminal, which may be made narrower or wider while work goes on.
  private let currentColumns: @Sendable () -> Int?
  private let state: Mutex<State>

  package init(
    style: Style, write: @escaping @Sendable (String) -> Void,
    now: @escaping @Sendable () -> Double,
    currentColumns: @escaping @Sendable () -> Int? = { nil }
  ) {
    self.style = style
    self.write = write
    self.now = now
    self.currentColumns = currentColumns
    state = Mutex(State(lastDrawn: now()))
  }

  convenience init(quiet: Bool) {
    self.init(
      style: quiet ? .silent : Self.styleOfStandardError(), write: { StandardError.write($0) },
      now: { ProcessInfo.processInfo.systemUptime }, currentColumns: { Self.columns })
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
      if seconds >= 1, state.tasks.isEmpty {
        print(Printable.line(task.summary(after: seconds)), &state)
      }
      erase(&state)
    }
  }

  package func note(_ text: String) { note(lines: [text]) }

  package func note(lines: [String]) {
    let text = lines.map(Printable.line).joined(separator: "\n")
    state.withLock { print(text, &$0) }
  }

  /// Seconds, on the clock that the lines of `show` go by.
  package var moment: Double { now() }

  /// Whether lines stay on the screen as they come, as in a file.
  package var isPlain: Bool {
    if case .plain = style { return true }
    return false
  }

  /// Lines that stand for the work that began last, instead of the usual one.
  package func show(_ view: @escaping @Sendable (_ moment: Double, _ columns: Int) -> [String]) {
    state.withLock { state in
      guard !state.tasks.isEmpty else { return }
      state.tasks[state.tasks.count - 1].view = view
    }
  }

  private func draw(_ state: inout State, force: Bool) {
    guard let task = state.tasks.last else { return }
    let moment = now()
    switch style {
    case .silent:
      return
    case .plain:
      // Work with lines of its own has others to tell that it goes on.
      guard moment - state.lastDrawn >= (task.view == nil ? 10 : 60), !force else { return }
      let line = task.view?(moment, 200).joined(separator: "  ") ?? task.line(at: moment)
      write(Printable.line(line) + "\n")
    case .terminal(let columns):
      guard force || moment - state.lastDrawn >= 0.1 else { return }
      let width = max((currentColumns() ?? columns) - 1, 10)
      let lines = (task.view?(moment, width) ?? [task.line(at: moment)])
        .map { TextTable.prefix(Printable.line($0), columns: width) }
      let old = max(0, state.linesDrawn - lines.count)
      let up = lines.count + old - 1
      write(
        "\r\u{1B}[K" + (lines + Array(repeating: "", count: old)).joined(separator: "\n\u{1B}[K")
          + (up > 0 ? "\u{1B}[\(up)A" : ""))
      state.linesDrawn = lines.count
    }
    state.lastDrawn = moment
  }

  private func print(_ line: String, _ state: inout State) {
    if case .silent = style { return }
    erase(&state)
    write(line + "\n")
    if case .plain = style, state.tasks.last?.view != nil { state.lastDrawn = now() }
    draw(&state, force: true)
  }

  private func erase(_ state: inout State) {
    if state.linesDrawn > 0 { write(state.linesDrawn == 1 ? "\r\u{1B}[K" : "\r\u{1B}[J") }
    state.linesDrawn = 0
  }

  private static func styleOfStandardError() -> Style {
    guard isatty(STDERR_FILENO) == 1 else { return .plain }
    return .terminal(columns: columns ?? 80)
  }

  /// Of the terminal that standard error is; nil where it is none.
  private static var columns: Int? {
    var size = winsize()
    let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return known ? Int(size.ws_col) : nil
  }
}
