/// Reads little-endian numbers and bytes from a buffer, never beyond its end.
struct ByteReader {
  typealias Fault = Pickle.Fault

  private let source: UnsafeRawBufferPointer
  private(set) var position: Int

  init(_ source: UnsafeRawBufferPointer, at position: Int = 0) {
    self.source = source
    self.position = position
  }

  mutating func bytes(_ count: Int) throws(Fault) -> Slice<UnsafeRawBufferPointer> {
    guard count >= 0, position >= 0, position <= source.count, count <= source.count - position
    else { throw Fault(what: "it is cut off at byte \(source.count)") }
    defer { position += count }
    return source[position..<position + count]
  }

  mutating func byte() throws(Fault) -> UInt8 {
    guard let value = try bytes(1).first else { throw Fault(what: "it is cut off") }
    return value
  }

  /// An unsigned number of at most eight bytes.
  mutating func natural(_ width: Int) throws(Fault) -> Int {
    var value: UInt64 = 0
    for byte in try bytes(width).reversed() { value = value << 8 | UInt64(byte) }
    guard let result = Int(exactly: value) else {
      throw Fault(what: "it claims \(value) bytes or values")
    }
    return result
  }

  /// A number of at most eight bytes in two's complement; 0 for none.
  mutating func integer(_ width: Int) throws(Fault) -> Int {
    var value: UInt64 = 0
    for byte in try bytes(width).reversed() { value = value << 8 | UInt64(byte) }
    guard width > 0 else { return 0 }
    let unused = 64 - 8 * width
    return Int(Int64(bitPattern: value << UInt64(unused)) >> Int64(unused))
  }

  mutating func bigEndianDouble() throws(Fault) -> Double {
    var value: UInt64 = 0
    for byte in try bytes(8) { value = value << 8 | UInt64(byte) }
    return Double(bitPattern: value)
  }

  /// Up to the next line feed, which is passed over.
  mutating func line() throws(Fault) -> String {
    let rest = source[min(position, source.count)...].prefix(Self.longestLine)
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
      throw Fault(what: "its pickle has a name without end")
    }
    defer { position = end + 1 }
    return String(decoding: source[position..<end], as: UTF8.self)
  }

  private static let longestLine = 1 << 10
}
