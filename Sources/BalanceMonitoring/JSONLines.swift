import BalanceCore
package import Foundation
import Synchronization

/// JSON objects, one a line, with the moment of each. May be used from any thread.
public final class JSONLines: Sendable {
  private struct Line<Payload: Encodable>: Encodable {
    let event: String
    let time: String
    let payload: Payload

    private enum Key: CodingKey { case event, time }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(event, forKey: .event)
      try container.encode(time, forKey: .time)
      try payload.encode(to: encoder)
    }
  }

  private let output: Mutex<@Sendable (String) -> Void>
  private let now: @Sendable () -> Date

  public convenience init(_ write: @escaping @Sendable (String) -> Void) {
    self.init(write, now: { Date() })
  }

  package init(
    _ write: @escaping @Sendable (String) -> Void, now: @escaping @Sendable () -> Date
  ) {
    output = Mutex(write)
    self.now = now
  }

  /// Seconds since 1970.
  var seconds: Double { now().timeIntervalSince1970 }

  /// Something that the user should know. Text that begins with the word `warning:` is a warning.
  public func note(_ text: String) {
    for kind in ["warning", "note"] {
      if let rest = text.droppingBytePrefix(kind + ": ") { return write(kind, text: rest) }
    }
    write("note", text: text)
  }

  /// Nobody may be listening any more; the work goes on all the same.
  private func write(_ event: String, text: String) { try? write(event, ["text": text]) }

  /// Writes one line: `event` and `time`, and the fields of `payload` beside them.
  func write(_ event: String, _ payload: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let time = now().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
    let data = try encoder.encode(Line(event: event, time: time + "Z", payload: payload))
    let text = String(decoding: Printable.json(data), as: UTF8.self) + "\n"
    output.withLock { $0(text) }
  }
}
