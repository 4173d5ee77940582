import BalanceCore
import Foundation

/// A file of `torch.save`: since PyTorch 1.6 a ZIP archive of a pickle and its storages, before it
/// pickles and storages one after another. Tensors are read, and nothing in it is ever executed.
///
/// Source: `torch/serialization.py` of PyTorch, `_save` and `_legacy_save`.
enum TorchFile {
  typealias Fault = Pickle.Fault

  /// Whether a file begins as an archive or a pickle.
  static func isOne(_ data: Data) -> Bool {
    isArchive(data) || data.first == 0x80 && (2...5).contains(data.dropFirst().first ?? 0)
  }

  private static func isArchive(_ data: Data) -> Bool { data.starts(with: [0x50, 0x4B, 3, 4]) }

  /// 0x1950A86A20F9469CFC6C, which an older file begins with.
  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  /// The tensors of a file by their names; slices of `data`.
  ///
  /// - Throws: `BalanceError` at `place` for a file that is not sound, that names code, or that has
  ///   no tensors by name.
  static func decode(_ data: Data, at place: String) throws(BalanceError) -> StateDictionary {
    do throws(Fault) {
      return try isArchive(data) ? archive(data) : legacy(data)
    } catch {
      throw BalanceError(
        .data, "is not read as weights of PyTorch: \(error.what)", at: place,
        remedy: error.remedy)
    }
  }

  // MARK: Archives

  private static func archive(_ data: Data) throws(Fault) -> StateDictionary {
    let entries = try reading(data) { (bytes) throws(Fault) in try ZipArchive(bytes) }.entries
    let pickleName = "data.pkl"
    guard let main = entries.first(where: { $0.name.pathParts.last == pickleName }) else {
      throw Fault(
        what: "it is a ZIP archive without a \(pickleName)",
        remedy: "take the weights file out of it, and name that")
    }
    let folder = String(main.name.dropLast(pickleName.count))
    var files: [String: ZipArchive.Entry] = [:]
    for entry in entries { files[entry.name] = entry }
    if files[folder + "constants.pkl"] != nil {
      throw Fault(
        what: "it is a TorchScript program",
        remedy: "save its state_dict() in Python, and name that")
    }
    guard !main.isCompressed else { throw Fault(what: "its pickle is compressed") }
    if let order = files[folder + "byteorder"],
      slice(data, order.range).elementsEqual("big".utf8)
    {
      throw Fault(what: "its values are big-endian", remedy: "save it on a usual machine")
    }
    let (pickle, _) = try reading(slice(data, main.range)) { (bytes) throws(Fault) in
      try PickleReader.read(bytes)
    }
    var places: [Data] = []
    for storage in pickle.storages {
      guard let file = files["\(folder)data/\(storage.key)"], !file.isCompressed else {
        throw Fault(what: "it lacks the values of storage '\(storage.key)'")
      }
      guard storage.byteCount == file.size else {
        throw Fault(
          what: "storage '\(storage.key)' has \(file.size) bytes for \(storage.count) values of "
            + storage.dtype.rawValue)
      }
      places.append(slice(data, file.range))
    }
    return try StateDictionary(pickle, storages: places)
  }

  // MARK: Before PyTorch 1.6

  private static func legacy(_ data: Data) throws(Fault) -> StateDictionary {
    var position = 0
    func next() throws(Fault) -> Pickle {
      let start = position
      let (pickle, end) = try reading(data) { (bytes) throws(Fault) in
        try PickleReader.read(bytes, from: start)
      }
      position = end
      return pickle
    }
    guard try next().root == .long(magic), try next().root == .int(1001) else {
      throw Fault(what: "it is a pickle, and not one of torch.save")
    }
    let system = try next()
    guard system.value(of: "little_endian") == .bool(true) else {
      throw Fault(what: "its values are big-endian", remedy: "save it on a usual machine")
    }
    let pickle = try next()
    let keys = try next()
    guard case .list(let list) = keys.root else { throw Fault(what: "it lacks a list of storages") }
    var places: [String: Data] = [:]
    for value in keys.sequences[list] {
      guard case .string(let key) = value, places[key] == nil,
        let storage = pickle.storages.first(where: { $0.key == key })
      else { throw Fault(what: "its list of storages does not fit its tensors") }
      let start = position
      let range = try reading(data) { (bytes) throws(Fault) in
        var reader = ByteReader(bytes, at: start)
        guard try reader.natural(8) == storage.count, let length = storage.byteCount else {
          throw Fault(what: "storage '\(key)' has not the \(storage.count) values it claims")
        }
        let first = reader.position
        _ = try reader.bytes(length)
        return first..<reader.position
      }
      places[key] = slice(data, range)
      position = range.upperBound
    }
    var storages: [Data] = []
    for storage in pickle.storages {
      guard let place = places[storage.key] else {
        throw Fault(what: "it lacks the values of storage '\(storage.key)'")
      }
      storages.append(place)
    }
    return try StateDictionary(pickle, storages: storages)
  }

  // MARK: Bytes

  private static func slice(_ data: Data, _ range: Range<Int>) -> Data {
    data[data.startIndex + range.lowerBound..<data.startIndex + range.upperBound]
  }

  /// `Data.withUnsafeBytes` with a typed error.
  private static func reading<Result>(
    _ data: Data, _ body: (UnsafeRawBufferPointer) throws(Fault) -> Result
  ) throws(Fault) -> Result {
    try data.withUnsafeBytes { bytes in
      Swift.Result { () throws(Fault) in try body(bytes) }
    }
    .get()
  }
}

extension TorchStorage {
  /// Nil where it is more than there can be.
  var byteCount: Int? {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.width)
    return overflow ? nil : bytes
  }
}
