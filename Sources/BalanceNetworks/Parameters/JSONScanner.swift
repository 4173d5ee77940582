/// Reads the little of JSON that a safetensors header may hold, without recursion.
struct JSONScanner {
  typealias Fault = SafetensorsHeader.Fault

  private let text: UnsafeRawBufferPointer
  private var position = 0

  init(_ text: UnsafeRawBufferPointer) { self.text = text }

  /// Whether the object that begins here has a member.
  mutating func beginObject() throws(Fault) -> Bool { try begin("{", "}") }

  private mutating func begin(_ open: Unicode.Scalar, _ close: Unicode.Scalar) throws(Fault) -> Bool
  {
    try expect(open)
    guard peek() == UInt8(ascii: close) else { return true }
    position += 1
    return false
  }

  /// Whether a comma announces another member; if not, `close` has been read.
  mutating func another(before close: Unicode.Scalar) throws(Fault) -> Bool {
    if peek() == UInt8(ascii: ",") {
      position += 1
      return true
    }
    try expect(close)
    return false
  }

  mutating func key() throws(Fault) -> String {
    let key = try string()
    try expect(":")
    return key
  }

  mutating func naturals() throws(Fault) -> [Int] {
    var result: [Int] = []
    var more = try begin("[", "]")
    while more {
      result.append(try natural())
      more = try another(before: "]")
    }
    return result
  }

  /// Nothing but spaces may follow.
  mutating func end() throws(Fault) {
    guard peek() == nil else { throw fault("something follows its end") }
  }

  mutating func string() throws(Fault) -> String {
    try expect("\"")
    var bytes: [UInt8] = []
    while position < text.count {
      let byte = text[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"): bytes.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw fault("a control character is in a string")
      default: bytes.append(byte)
      }
    }
    throw fault("a string does not end")
  }

  private mutating func escape() throws(Fault) -> Character {
    guard position < text.count else { throw fault("a string does not end") }
    let byte = text[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return Character(Unicode.Scalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Character(try unicodeEscape())
    default: throw fault("a string has an unknown escape")
    }
  }

  private mutating func unicodeEscape() throws(Fault) -> Unicode.Scalar {
    let high = try hexadecimal()
    if let scalar = Unicode.Scalar(high) { return scalar }
    // A surrogate: its other half must follow.
    if high < 0xDC00, position + 1 < text.count, text[position] == UInt8(ascii: "\\"),
      text[position + 1] == UInt8(ascii: "u")
    {
      position += 2
      let low = try hexadecimal()
      if (0xDC00...0xDFFF).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
      {
        return scalar
      }
    }
    throw fault("a string has half a surrogate pair")
  }

  private mutating func hexadecimal() throws(Fault) -> UInt32 {
    guard position + 4 <= text.count,
      text[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(
        String(decoding: text[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw fault("a string has an unknown escape") }
    position += 4
    return value
  }

  private mutating func natural() throws(Fault) -> Int {
    guard let first = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      throw fault("a whole number from 0 up is missing")
    }
    var value = 0
    let start = position
    while position < text.count,
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position])
    {
      let (tens, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, more) = tens.addingReportingOverflow(Int(text[position] - UInt8(ascii: "0")))
      guard !over, !more else { throw fault("a number is too large") }
      value = sum
      position += 1
    }
    guard position == start + 1 || first != UInt8(ascii: "0") else {
      throw fault("a number begins with 0")
    }
    return value
  }

  private mutating func expect(_ scalar: Unicode.Scalar) throws(Fault) {
    guard peek() == UInt8(ascii: scalar) else { throw fault("'\(scalar)' is missing") }
    position += 1
  }

  /// The next byte that is no space.
  private mutating func peek() -> UInt8? {
    while position < text.count {
      let byte = text[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  private func fault(_ what: String) -> Fault {
    Fault(what: "its header is not JSON of tensors: \(what) at byte \(position)")
  }
}
