import BalanceCore
import Foundation

/// A reader that is fed with whatever bytes the fuzzer makes up.
struct FuzzTarget {
  let name: String
  /// Inputs to begin with, made by the program itself.
  let seeds: () throws -> [Data]
  /// Words of the format, which chance would take long to find.
  var words: [String] = []
  /// Makes what reads an input. It throws a `BalanceError` for bytes that it refuses; anything else
  /// is a fault.
  let reader: () throws -> (Data) throws -> Void

  static var all: [FuzzTarget] {
    images + [csv, yaml, safetensors, torch, onnx, json, checkpoint, index]
  }

  /// - Throws: `BalanceError` naming what is meant perhaps.
  static func named(_ name: String) throws -> FuzzTarget {
    guard let target = all.first(where: { $0.name == name }) else {
      throw Suggestion.unknown("target", name, among: all.map(\.name))
    }
    return target
  }

  /// Reads one input; an error of another kind than the program's own ends the process.
  static func feed(_ data: Data, to reader: (Data) throws -> Void) {
    do { try reader(data) } catch is BalanceError {} catch {
      fatalError("an error that no user can act on: \(error)")
    }
  }

  /// Writes the seeds, and the words as the fuzzer's dictionary, into a folder.
  func write(to folder: URL) throws {
    let inputs = folder.appendingPathComponent("seeds")
    try AtomicFile.makeFolder(inputs)
    for (number, seed) in try seeds().enumerated() {
      try AtomicFile.write(seed, to: inputs.appendingPathComponent("seed-\(number)"))
    }
    let lines = words.map { word in
      let text = word.utf8.map { byte in
        let hex = String(byte, radix: 16)
        return "\\x" + (hex.count == 1 ? "0" : "") + hex
      }
      return "\"\(text.joined())\"\n"
    }
    try AtomicFile.write(lines.joined(), to: folder.appendingPathComponent("dictionary"))
  }

  /// A folder of this process's own, in TMPDIR.
  static func scratch(_ name: String) throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-fuzz-\(getpid())").appendingPathComponent(name)
    try AtomicFile.makeFolder(folder)
    return folder
  }
}
