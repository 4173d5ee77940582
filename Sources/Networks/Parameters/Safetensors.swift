import BalanceCore
import Foundation

/// The safetensors format: an 8-byte little-endian header length, a JSON header that gives each
/// tensor's dtype, shape and byte range, then the data without gaps. It can hold no code.
///
/// Source: the format description of the `safetensors` package.
enum Safetensors {
  struct Tensor {
    let name: String
    let shape: [Int]
    let values: UnsafeBufferPointer<Float>
  }

  /// The header as JSON has it: dtype, shape and data offsets by tensor name.
  private struct Record: Codable {
    let dtype: String
    let shape: [Int]
    let dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype
      case shape
      case dataOffsets = "data_offsets"
    }
  }

  /// A header larger than this is false: the largest networks have a few thousand tensors.
  private static let headerLimit = 100 << 20

  static func encode(_ tensors: [Tensor], metadata: [String: String]) throws -> Data {
    var header: [String: any Encodable] = ["__metadata__": metadata]
    var offset = 0
    for tensor in tensors {
      let bytes = tensor.values.count * 4
      header[tensor.name] = Record(
        dtype: "F32", shape: tensor.shape, dataOffsets: [offset, offset + bytes])
      offset += bytes
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = try encoder.encode(header.mapValues { AnyEncodable($0) })
    // Data begins at a multiple of eight; the header is padded with spaces.
    json.append(Data(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    var file = Data(capacity: 8 + json.count + offset)
    withUnsafeBytes(of: UInt64(json.count).littleEndian) { file.append(contentsOf: $0) }
    file.append(json)
    for tensor in tensors { file.append(contentsOf: UnsafeRawBufferPointer(tensor.values)) }
    return file
  }

  /// A tensor of a file: its bytes' range has been checked.
  struct Stored {
    let dtype: String
    let shape: [Int]
    let bytes: Range<Int>
  }

  /// Bytes a value, by dtype.
  private static let widths = [
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "I64": 8, "I32": 4,
    "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1,
  ]

  /// The tensors of a file by name. Each lies within the file, is as long as its dtype and shape
  /// say, and overlaps no other.
  static func decode(_ data: Data, at place: String) throws(BalanceError) -> [String: Stored] {
    func damaged(_ what: String) -> BalanceError {
      BalanceError(
        .data, "is not a sound safetensors file: \(what)", at: place,
        remedy: "export the weights again")
    }
    guard data.count >= 8 else { throw damaged("it has \(data.count) bytes, fewer than a header") }
    let length = data.prefix(8).enumerated().reduce(UInt64(0)) {
      $0 | UInt64($1.element) << (8 * UInt64($1.offset))
    }
    guard length <= headerLimit, length <= data.count - 8 else {
      throw damaged("its header claims \(length) bytes of \(data.count)")
    }
    let start = 8 + Int(length)
    let header = data.subdata(in: data.startIndex + 8..<data.startIndex + start)
    guard let object = try? JSONSerialization.jsonObject(with: header) as? [String: Any] else {
      throw damaged("its header is not JSON")
    }
    var tensors: [String: Stored] = [:]
    for (name, value) in object where name != "__metadata__" {
      guard let record = value as? [String: Any], let dtype = record["dtype"] as? String,
        let shape = record["shape"] as? [Int], let offsets = record["data_offsets"] as? [Int],
        offsets.count == 2
      else { throw damaged("tensor '\(name)' lacks dtype, shape or data_offsets") }
      guard let width = widths[dtype] else {
        throw damaged("tensor '\(name)' has the unknown dtype '\(dtype)'")
      }
      guard let bytes = byteCount(shape, width: width), offsets[0] >= 0, offsets[0] <= offsets[1],
        offsets[1] - offsets[0] == bytes, offsets[1] <= data.count - start
      else { throw damaged("tensor '\(name)' has shape \(shape) but bytes \(offsets)") }
      tensors[name] = Stored(
        dtype: dtype, shape: shape, bytes: start + offsets[0]..<start + offsets[1])
    }
    let ranges = tensors.values.map(\.bytes).filter { !$0.isEmpty }
      .sorted { $0.lowerBound < $1.lowerBound }
    for (one, next) in zip(ranges, ranges.dropFirst()) where one.upperBound > next.lowerBound {
      throw damaged("two tensors overlap")
    }
    return tensors
  }

  /// `width` × the product of the sizes, or nil where that overflows or a size is negative.
  private static func byteCount(_ shape: [Int], width: Int) -> Int? {
    var count = width
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if size < 0 || overflow { return nil }
      count = product
    }
    return count
  }
}

/// A value of any encodable type, as `JSONEncoder` needs in a dictionary of several types.
private struct AnyEncodable: Encodable {
  let value: any Encodable

  init(_ value: any Encodable) { self.value = value }

  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
