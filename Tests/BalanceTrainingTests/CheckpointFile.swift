import Foundation
import Testing

/// A checkpoint taken apart, to be put together again with other numbers and without a checksum, as
/// earlier versions wrote it.
struct CheckpointFile {
  private var header: [String: Any]
  private var state: [String: Any]
  private let values: Data

  init(_ file: Data) throws {
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    header = try #require(
      try JSONSerialization.jsonObject(with: file.dropFirst(8).prefix(length)) as? [String: Any])
    values = file.dropFirst(8 + length)
    let metadata = try #require(header["__metadata__"] as? [String: String])
    let json = try #require(metadata["balance-checkpoint"])
    state = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
  }

  func withoutChecksum() throws -> Data {
    var state = state
    state["hasChecksum"] = nil
    let json = try JSONSerialization.data(withJSONObject: state)
    var header = header
    header["__metadata__"] = ["balance-checkpoint": String(decoding: json, as: UTF8.self)]
    var text = try JSONSerialization.data(withJSONObject: header)
    text.append(Data(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
    let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
    return length + text + values
  }

  /// - Parameter path: keys down to a number, or to a list of which every number is replaced.
  func with(_ number: Int, at path: [String]) throws -> Data {
    var copy = self
    copy.state = try #require(Self.put(number, at: path[...], in: state) as? [String: Any])
    return try copy.withoutChecksum()
  }

  private static func put(_ number: Int, at path: ArraySlice<String>, in value: Any) throws -> Any {
    if let list = value as? [Any] {
      if list.isEmpty { return [number] }
      var result: [Any] = []
      for item in list { result.append(try put(number, at: path, in: item)) }
      return result
    }
    guard let key = path.first else { return number }
    var object = try #require(value as? [String: Any])
    object[key] = try put(number, at: path.dropFirst(), in: try #require(object[key]))
    return object
  }
}
