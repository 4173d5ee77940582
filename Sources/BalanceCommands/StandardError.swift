import BalanceCore
import BalanceMonitoring
import Foundation
import Synchronization

/// The stream for everything that is not a result.
///
/// Where it cannot be written, as on a full disk, the work goes on: what it tells is lost, and no
/// result is.
enum StandardError {
  private static let json = Mutex<JSONLines?>(nil)
  private static let failure = Mutex<BalanceError?>(nil)

  static func write(_ text: String) {
    do throws(BalanceError) { try StandardStream.error.write(text) } catch {
      failure.withLock { $0 = $0 ?? error }
    }
  }

  /// What kept lines from being written that programs read, JSON; nil where nothing did.
  static var lostLines: BalanceError? {
    lines == nil ? nil : failure.withLock { $0 }
  }

  /// From now on every line is a JSON object.
  static func speakJSON() -> JSONLines {
    let lines = JSONLines { write($0) }
    json.withLock { $0 = lines }
    return lines
  }

  /// Where JSON is spoken.
  static var lines: JSONLines? { json.withLock { $0 } }

  /// One line, as a note where JSON is spoken.
  ///
  /// - Parameter interrupts: whether lines that are kept up to date may be on the screen.
  static func tell(_ line: String, interrupts: Bool = true) {
    if let lines { return lines.note(line) }
    let line = Printable.line(line)
    guard interrupts else { return write(line + "\n") }
    // What is below the cursor is out of date.
    write("\n" + (isatty(STDERR_FILENO) == 1 ? "\r\u{1B}[J" : "") + line + "\n")
  }
}
