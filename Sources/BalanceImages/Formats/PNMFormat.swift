import BalanceCore

extension ImageFormat {
  /// Portable graymaps and pixmaps, binary and plain, of up to 16 bits a value.
  ///
  /// Values are scaled to the full range of 8 bits, or of 16 where their maximum is above 255.
  public static let pnm = ImageFormat(
    id: "pnm", name: "PNM", endings: ["pgm", "ppm", "pnm"],
    isBegun: { PNMHeader.isBegun($0) },
    header: { file throws(BalanceError) in
      let header = try PNMHeader(file)
      return StoredShape(
        width: header.width, height: header.height, channels: header.channels,
        depth: header.maximum > 255 ? 16 : 8)
    },
    decode: { file, shape, target throws(BalanceError) in
      var reader = PNMReader(file, try PNMHeader(file))
      return try reader.read(shape.count, into: target)
    })
}

/// Blanks, comments and numbers.
private struct PNMScanner {
  let file: ByteView
  var offset: Int

  /// Whether the next byte is a blank.
  var isAtBlank: Bool { file.byte(offset).map { $0 == 32 || (9...13).contains($0) } ?? false }
  private var isAtComment: Bool { file.byte(offset) == 0x23 }
  private var digit: Int? {
    file.byte(offset).flatMap { (0x30...0x39).contains($0) ? $0 - 0x30 : nil }
  }
  var isAtDigit: Bool { digit != nil }

  /// Comments reach from `#` to the end of the line.
  mutating func skipBlanks() {
    while true {
      if isAtComment {
        while let byte = file.byte(offset), byte != 10, byte != 13 { offset += 1 }
      } else if isAtBlank {
        offset += 1
      } else {
        return
      }
    }
  }

  /// The next number, with a blank or a comment behind it, which stays.
  ///
  /// - Parameters:
  ///   - part: the part of the file that it is of.
  ///   - mayEnd: whether the end of the file may follow it as well.
  /// - Throws: `BalanceError` where there is none.
  mutating func number(_ part: String, mayEnd: Bool = false) throws(BalanceError) -> Int {
    skipBlanks()
    let start = offset
    var value = 0
    while let digit {
      value = min(value * 10 + digit, 1 << 40)
      offset += 1
    }
    if offset >= file.count {
      guard mayEnd, offset > start else {
        throw ImageFormat.pnm.damaged("the file ends in its \(part)")
      }
      return value
    }
    guard offset > start, isAtBlank || isAtComment else {
      throw ImageFormat.pnm.damaged("no number at byte \(start)")
    }
    return value
  }
}

/// What is before the values.
///
/// Source: netpbm's manual, *pgm* and *ppm*.
private struct PNMHeader {
  let width: Int
  let height: Int
  /// What is white.
  let maximum: Int
  let channels: Int
  /// Whether values are numbers in ASCII.
  let isPlain: Bool
  /// Where the values begin.
  let offset: Int

  /// A letter and a digit alone may also begin a text: a number is next.
  static func isBegun(_ file: ByteView) -> Bool {
    guard file.byte(0) == 0x50, let kind = file.byte(1), [0x32, 0x33, 0x35, 0x36].contains(kind)
    else { return false }
    var scanner = PNMScanner(file: file, offset: 2)
    scanner.skipBlanks()
    return scanner.offset > 2 && (scanner.isAtDigit || scanner.offset >= file.count)
  }

  init(_ file: ByteView) throws(BalanceError) {
    let kind = file.byte(1)
    isPlain = kind == 0x32 || kind == 0x33
    channels = kind == 0x32 || kind == 0x35 ? 1 : 3
    var scanner = PNMScanner(file: file, offset: 2)
    width = try scanner.number("header")
    height = try scanner.number("header")
    maximum = try scanner.number("header")
    guard (1...Int(Int32.max)).contains(width), (1...Int(Int32.max)).contains(height) else {
      throw ImageFormat.pnm.damaged("a size of \(width) by \(height)")
    }
    guard (1...65_535).contains(maximum) else {
      throw ImageFormat.pnm.damaged("a maximum of \(maximum)")
    }
    // A single blank ends the header, or a comment with its line's end.
    if !scanner.isAtBlank {
      while let byte = file.byte(scanner.offset), byte != 10 { scanner.offset += 1 }
    }
    offset = scanner.offset + 1
  }
}

/// Reads the values.
private struct PNMReader {
  private let header: PNMHeader
  private var scanner: PNMScanner

  init(_ file: ByteView, _ header: PNMHeader) {
    self.header = header
    scanner = PNMScanner(file: file, offset: header.offset)
  }

  /// As `ImageFormat.Decoder`.
  mutating func read(
    _ count: Int, into target: UnsafeMutableRawBufferPointer
  ) throws(BalanceError) -> [String] {
    let size = header.isPlain ? 2 : header.maximum > 255 ? 2 : 1
    // A digit and a blank each in a plain file, the last blank of which may be missing.
    let rest = scanner.file.count - scanner.offset + (header.isPlain ? 1 : 0)
    guard count <= rest / size else {
      throw ImageFormat.pnm.damaged("the file ends in its pixels")
    }
    if !header.isPlain, header.maximum == 255 {
      target.copyMemory(from: scanner.file.part(scanner.offset, count).bytes)
      scanner.offset += count
    } else if header.maximum > 255 {
      try fill(target.bindMemory(to: UInt16.self))
    } else {
      try fill(target.bindMemory(to: UInt8.self))
    }
    if header.isPlain {
      if scanner.offset >= scanner.file.count {
        return ["has nothing behind its last number, where a cut would not show"]
      }
      scanner.skipBlanks()
    }
    return scanner.offset < scanner.file.count ? ["has bytes behind its last pixel"] : []
  }

  /// v · full / maximum, rounded to the nearest and halves up.
  private mutating func fill<Value: FixedWidthInteger>(
    _ target: UnsafeMutableBufferPointer<Value>
  ) throws(BalanceError) {
    let (full, maximum) = (Int(Value.max), header.maximum)
    for index in target.indices {
      let value = try next()
      guard value <= maximum else {
        throw ImageFormat.pnm.damaged("a value of \(value) where the maximum is \(maximum)")
      }
      target[index] = Value(
        maximum == full ? value : (2 * value * full + maximum) / (2 * maximum))
    }
  }

  private mutating func next() throws(BalanceError) -> Int {
    if header.isPlain { return try scanner.number("pixels", mayEnd: true) }
    defer { scanner.offset += header.maximum > 255 ? 2 : 1 }
    let value =
      header.maximum > 255
      ? scanner.file.word16(scanner.offset) : scanner.file.byte(scanner.offset)
    guard let value else { throw ImageFormat.pnm.damaged("the file ends in its pixels") }
    return value
  }
}
