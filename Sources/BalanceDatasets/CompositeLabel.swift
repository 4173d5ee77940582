/// The class that the values of several columns make.
enum CompositeLabel {
  /// The values with `+` between. Inside a value, where there are several, `+` and `\` are written
  /// `\+` and `\\`, so that (`a+b`, `c`) and (`a`, `b+c`) are two classes.
  static func joined(_ values: [String]) -> String {
    if values.count == 1 { return values[0] }
    return values.map(escaped).joined(separator: "+")
  }

  private static func escaped(_ value: String) -> String {
    guard value.utf8.contains(where: { $0 == plus || $0 == backslash }) else { return value }
    var bytes: [UInt8] = []
    for byte in value.utf8 {
      if byte == plus || byte == backslash { bytes.append(backslash) }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let plus = UInt8(ascii: "+")
  private static let backslash = UInt8(ascii: "\\")
}
