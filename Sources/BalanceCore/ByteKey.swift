/// A string as a key that is told apart by its UTF-8 bytes, as the file system and SQLite tell
/// names apart; `String` itself takes é in one and in two scalars for the same key.
package struct ByteKey: Hashable, Sendable {
  package let text: String

  package init(_ text: some StringProtocol) { self.text = String(text) }

  package static func == (a: ByteKey, b: ByteKey) -> Bool { a.text.hasSameBytes(as: b.text) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    // No byte of UTF-8, so that keys within a larger value do not run together.
    hasher.combine(UInt8(0xFF))
  }
}
