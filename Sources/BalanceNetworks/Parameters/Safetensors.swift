import BalanceCore
import Foundation

/// The safetensors format: an 8-byte little-endian header length, a JSON header that gives each
/// tensor's dtype, shape and byte range, then the data without gaps. It can hold no code.
///
/// Source: the format description of the `safetensors` package.
package enum Safetensors {
  package struct Tensor {
    let name: String
    let shape: [Int]
    let dtype: String
    let bytes: UnsafeRawBufferPointer

    /// - Precondition: as many bytes as dtype and shape say.
    package init(
      name: String, shape: [Int], dtype: StoredTensor.DType = .f32, bytes: UnsafeRawBufferPointer
    ) {
      precondition(
        bytes.count == shape.reduce(dtype.width, *), "\(bytes.count) bytes for \(shape)")
      self.name = name
      self.shape = shape
      self.dtype = dtype.rawValue
      self.bytes = bytes
    }
  }

  /// The tensors of a file by name, and what it says of itself.
  struct Content {
    var tensors: [String: StoredTensor] = [:]
    var metadata: [String: String] = [:]
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

  /// - Parameter hasChecksum: whether the metadata gets a checksum over the whole file.
  static func encode(_ tensors: [Tensor], metadata: [String: String], hasChecksum: Bool = false)
    throws -> Data
  {
    let metadata = hasChecksum ? withChecksum(metadata) : metadata
    var header: [String: any Encodable] = ["__metadata__": metadata]
    var offset = 0
    for tensor in tensors {
      let bytes = tensor.bytes.count
      header[tensor.name] = Record(
        dtype: tensor.dtype, shape: tensor.shape, dataOffsets: [offset, offset + bytes])
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
    for tensor in tensors { file.append(contentsOf: tensor.bytes) }
    if hasChecksum { seal(&file) }
    return file
  }

  /// Reads the header; the tensors are slices of `data`. Each is as long as its dtype and shape
  /// say, and together they cover the data without overlap or gap.
  ///
  /// - Throws: `BalanceError` at `place` for a file that is not sound.
  static func decode(_ data: Data, at place: String) throws(BalanceError) -> Content {
    do throws(SafetensorsHeader.Fault) { return try decode(data) } catch {
      throw BalanceError(
        .data, "is not a sound safetensors file: \(error.what)", at: place,
        remedy: "export or fetch the weights again")
    }
  }

  /// Where the header's JSON is.
  static func headerRange(_ data: Data) throws(SafetensorsHeader.Fault) -> Range<Int> {
    guard data.count >= 8 else {
      throw SafetensorsHeader.Fault(what: "it has \(data.count) bytes, fewer than a header")
    }
    let claimed = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let length = Int(exactly: claimed), length <= headerLimit, length <= data.count - 8 else {
      throw SafetensorsHeader.Fault(
        what: "its header claims \(claimed) bytes of \(data.count)")
    }
    return data.startIndex + 8..<data.startIndex + 8 + length
  }

  private static func decode(_ data: Data) throws(SafetensorsHeader.Fault) -> Content {
    typealias Fault = SafetensorsHeader.Fault
    let place = try headerRange(data)
    let start = place.upperBound
    let header = try data[place].withUnsafeBytes { bytes in
      Result { () throws(Fault) in try SafetensorsHeader(bytes) }
    }
    .get()
    var content = Content(metadata: header.metadata)
    var ranges: [(range: Range<Int>, name: String)] = []
    for (name, record) in header.records {
      guard let text = record.dtype, let shape = record.shape, let offsets = record.offsets,
        offsets.count == 2
      else { throw Fault(what: "tensor '\(name)' lacks dtype, shape or data_offsets") }
      guard let dtype = StoredTensor.DType(rawValue: text) else {
        throw Fault(what: "tensor '\(name)' has the unknown dtype '\(text)'")
      }
      guard let bytes = byteCount(shape, width: dtype.width), offsets[0] <= offsets[1],
        offsets[1] - offsets[0] == bytes, offsets[1] <= data.endIndex - start
      else { throw Fault(what: "tensor '\(name)' has shape \(shape) but bytes \(offsets)") }
      let range = start + offsets[0]..<start + offsets[1]
      ranges.append((range, name))
      content.tensors[name] = StoredTensor(dtype: dtype, shape: shape, bytes: data[range])
    }
    try checkCover(ranges, of: start..<data.endIndex)
    return content
  }

  /// Every byte of the data belongs to one tensor.
  private static func checkCover(
    _ ranges: [(range: Range<Int>, name: String)], of data: Range<Int>
  ) throws(SafetensorsHeader.Fault) {
    var end = data.lowerBound
    var last: String?
    let order = ranges.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for (range, name) in order {
      if range.lowerBound < end {
        throw SafetensorsHeader.Fault(what: "tensors '\(last ?? "")' and '\(name)' overlap")
      }
      guard range.lowerBound == end else {
        throw SafetensorsHeader.Fault(
          what: "\(range.lowerBound - end) bytes before tensor '\(name)' belong to none")
      }
      end = range.upperBound
      last = name
    }
    guard end == data.upperBound else {
      throw SafetensorsHeader.Fault(
        what: "\(data.upperBound - end) bytes at its end belong to no tensor")
    }
  }

  /// `width` × the product of the sizes, or nil where that overflows.
  private static func byteCount(_ shape: [Int], width: Int) -> Int? {
    var count = width
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
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
