/// The JSON header of a safetensors file: dtype, shape and data offsets by tensor name, and
/// metadata.
///
/// Read by hand, since a general JSON reader passes over names that occur twice.
struct SafetensorsHeader {
  struct Record {
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
  }

  /// What is wrong with a file.
  struct Fault: Error {
    let what: String
  }

  private(set) var records: [String: Record] = [:]
  private(set) var metadata: [String: String] = [:]

  init(_ text: UnsafeRawBufferPointer) throws(Fault) {
    guard String(validating: text, as: UTF8.self) != nil else {
      throw Fault(what: "its header is not UTF-8")
    }
    var scanner = JSONScanner(text)
    var sawMetadata = false
    var more = try scanner.beginObject()
    while more {
      let name = try scanner.key()
      if name == "__metadata__" {
        guard !sawMetadata else { throw Fault(what: "its metadata is given twice") }
        sawMetadata = true
        metadata = try Self.metadata(&scanner)
      } else {
        guard records[name] == nil else { throw Fault(what: "tensor '\(name)' is given twice") }
        records[name] = try Self.record(&scanner, name)
      }
      more = try scanner.another(before: "}")
    }
    try scanner.end()
  }

  private static func metadata(_ scanner: inout JSONScanner) throws(Fault) -> [String: String] {
    var result: [String: String] = [:]
    var more = try scanner.beginObject()
    while more {
      let key = try scanner.key()
      guard result.updateValue(try scanner.string(), forKey: key) == nil else {
        throw Fault(what: "'\(key)' is given twice in its metadata")
      }
      more = try scanner.another(before: "}")
    }
    return result
  }

  private static func record(_ scanner: inout JSONScanner, _ name: String) throws(Fault) -> Record {
    var record = Record()
    var more = try scanner.beginObject()
    while more {
      let key = try scanner.key()
      switch key {
      case "dtype" where record.dtype == nil: record.dtype = try scanner.string()
      case "shape" where record.shape == nil: record.shape = try scanner.naturals()
      case "data_offsets" where record.offsets == nil: record.offsets = try scanner.naturals()
      default: throw Fault(what: "tensor '\(name)' has '\(key)' twice or beside its fields")
      }
      more = try scanner.another(before: "}")
    }
    return record
  }
}
