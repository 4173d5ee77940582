public import Foundation

/// JSON as this project writes it: keys sorted, indented, dates in ISO 8601, no escaped slashes,
/// so that equal values give equal bytes and a diff reads well. Scalars that a terminal would obey
/// or not show are escaped.
public enum CanonicalJSON {
  public static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    // Undefined metrics are NaN in memory; JSON has no NaN, so they are written as strings that
    // `decode` reads back.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return Printable.json(try encoder.encode(value)) + Data("\n".utf8)
  }

  public static func decode<T: Decodable>(_ type: T.Type, from data: Data) throws -> T {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: data)
  }
}
