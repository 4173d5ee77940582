/// Bounds-checked reading of bytes that come from a file; nil is "past the end".
struct ByteView {
  let bytes: UnsafeRawBufferPointer

  var count: Int { bytes.count }

  func byte(_ offset: Int) -> Int? {
    offset >= 0 && offset < bytes.count ? Int(bytes[offset]) : nil
  }

  func word16(_ offset: Int, littleEndian: Bool = false) -> Int? {
    guard offset >= 0, offset <= bytes.count - 2 else { return nil }
    let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
    return Int(littleEndian ? UInt16(littleEndian: value) : UInt16(bigEndian: value))
  }

  func word32(_ offset: Int, littleEndian: Bool = false) -> Int? {
    guard offset >= 0, offset <= bytes.count - 4 else { return nil }
    let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return Int(littleEndian ? UInt32(littleEndian: value) : UInt32(bigEndian: value))
  }

  func starts(with prefix: [UInt8], at offset: Int = 0) -> Bool {
    guard offset >= 0, offset <= bytes.count - prefix.count else { return false }
    return bytes[offset..<offset + prefix.count].elementsEqual(prefix)
  }

  /// A part of the view, clipped to what there is.
  func part(_ offset: Int, _ count: Int) -> ByteView {
    let start = min(max(offset, 0), bytes.count)
    let end = min(start + max(count, 0), bytes.count)
    return ByteView(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
  }
}
