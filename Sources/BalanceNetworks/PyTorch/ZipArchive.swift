/// Where the files of a ZIP archive are, by the directory at its end.
///
/// Sources: PKWARE's APPNOTE, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
struct ZipArchive: Sendable {
  typealias Fault = Pickle.Fault

  struct Entry: Hashable, Sendable {
    let name: String
    let isCompressed: Bool
    /// Of the bytes as they are in the archive.
    let range: Range<Int>
    /// How many bytes they are when expanded.
    let size: Int
  }

  private(set) var entries: [Entry] = []

  /// The most files: a network has some thousands of tensors.
  private static let limit = 1_000_000
  private static let endLength = 22
  private static let longestComment = 0xFFFF
  /// What a field of two or four bytes holds when its value is in the ZIP64 fields.
  private static let elsewhere16 = 0xFFFF
  private static let elsewhere32 = 0xFFFF_FFFF

  /// - Throws: `Fault` for a directory that is cut off, out of bounds or encrypted, and for two
  ///   files of one name.
  init(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    let directory = try Self.directory(bytes)
    var reader = ByteReader(bytes, at: directory.start)
    var names: Set<String> = []
    for _ in 0..<directory.count {
      let entry = try Self.entry(&reader, bytes)
      guard names.insert(entry.name).inserted else {
        throw Fault(what: "it holds '\(entry.name)' twice")
      }
      entries.append(entry)
    }
  }

  private static func directory(_ bytes: UnsafeRawBufferPointer) throws(Fault)
    -> (start: Int, count: Int)
  {
    let last = bytes.count - endLength
    let first = max(0, last - longestComment)
    guard last >= 0,
      let end = stride(from: last, through: first, by: -1).first(where: {
        bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self).littleEndian == 0x0605_4B50
      })
    else { throw Fault(what: "it is a ZIP archive that is cut off: it has no directory") }
    var reader = ByteReader(bytes, at: end + 10)
    var count = try reader.natural(2)
    _ = try reader.bytes(4)
    var start = try reader.natural(4)
    if count == elsewhere16 || start == elsewhere32 {
      (start, count) = try directory64(bytes, before: end)
    }
    guard count <= limit else { throw Fault(what: "it claims \(count) files") }
    return (start, count)
  }

  private static func directory64(_ bytes: UnsafeRawBufferPointer, before end: Int) throws(Fault)
    -> (start: Int, count: Int)
  {
    var locator = ByteReader(bytes, at: end - 20)
    guard try locator.natural(4) == 0x0706_4B50 else {
      throw Fault(what: "its directory is damaged")
    }
    _ = try locator.bytes(4)
    var reader = ByteReader(bytes, at: try locator.natural(8))
    guard try reader.natural(4) == 0x0606_4B50 else {
      throw Fault(what: "its directory is damaged")
    }
    _ = try reader.bytes(28)
    let count = try reader.natural(8)
    _ = try reader.bytes(8)
    return (try reader.natural(8), count)
  }

  private static func entry(_ reader: inout ByteReader, _ bytes: UnsafeRawBufferPointer)
    throws(Fault) -> Entry
  {
    guard try reader.natural(4) == 0x0201_4B50 else {
      throw Fault(what: "its directory is damaged")
    }
    _ = try reader.bytes(4)
    let flags = try reader.natural(2)
    let method = try reader.natural(2)
    _ = try reader.bytes(8)
    var packed = try reader.natural(4)
    var size = try reader.natural(4)
    let (nameLength, extraLength) = (try reader.natural(2), try reader.natural(2))
    let commentLength = try reader.natural(2)
    _ = try reader.bytes(8)
    var header = try reader.natural(4)
    let name = String(decoding: try reader.bytes(nameLength), as: UTF8.self)
    let extraEnd = reader.position + extraLength
    while reader.position + 4 <= extraEnd {
      let (kind, length) = (try reader.natural(2), try reader.natural(2))
      let next = reader.position + length
      // ZIP64: those of the three that did not fit, in this order.
      if kind == 1 {
        if size == elsewhere32 { size = try reader.natural(8) }
        if packed == elsewhere32 { packed = try reader.natural(8) }
        if header == elsewhere32 { header = try reader.natural(8) }
      }
      reader = ByteReader(bytes, at: next)
    }
    reader = ByteReader(bytes, at: extraEnd)
    _ = try reader.bytes(commentLength)
    guard flags & 1 == 0 else { throw Fault(what: "'\(name)' in it is encrypted") }
    guard method == 0 && packed == size || method == 8 else {
      throw Fault(what: "'\(name)' in it is packed in a way that is not read (method \(method))")
    }
    // The header before the bytes has a name and extra fields of its own.
    var local = ByteReader(bytes, at: header)
    guard try local.natural(4) == 0x0403_4B50 else {
      throw Fault(what: "'\(name)' in it is not where its directory says")
    }
    _ = try local.bytes(22)
    let (ownName, ownExtra) = (try local.natural(2), try local.natural(2))
    _ = try local.bytes(ownName)
    _ = try local.bytes(ownExtra)
    let start = local.position
    _ = try local.bytes(packed)
    return Entry(
      name: name, isCompressed: method == 8, range: start..<start + packed, size: size)
  }
}
