import BalanceCore
import BalanceNetworks
import BalanceOptimizers
import Foundation

/// Everything that the rest of a run depends on besides its settings and its data: what a
/// checkpoint holds, as safetensors.
///
/// The weights are there under their own names, so that the file serves as weights too;
/// everything else under `checkpoint.`, and what is no tensor as JSON in the file's metadata.
struct TrainerState {
  /// What is no tensor.
  struct Header: Codable {
    var position: LoopPosition
    var rates: RateScheduler
    var stopping: EarlyStopping.State
    var best: BestWeights.State?
    var notes: [String]
    var optimizer: OptimizerHeader
    /// Updates of the moving averages: of the weights, of the running statistics.
    var averageUpdates: [Int]
    var history: [TrainingHistory.Row]
    /// Whether the file has a checksum; nil in checkpoints of earlier versions, which have none.
    var hasChecksum: Bool?
  }

  /// An `OptimizerState` without its arrays.
  struct OptimizerHeader: Codable {
    var rule: String
    var stepCount: Int
    var tensorSteps: [Int]
    var arrays: [String]
  }

  var header: Header
  /// By their names after `checkpoint.`.
  var arrays: [String: [Float]]
  var timesDrawn: [Int32]
  /// What should be known of a checkpoint that was read.
  private(set) var note: String?

  init(header: Header, arrays: [String: [Float]], timesDrawn: [Int32]) {
    self.header = header
    self.arrays = arrays
    self.timesDrawn = timesDrawn
  }

  static let prefix = "checkpoint."
  private static let key = "balance-checkpoint"
  private static let draws = prefix + "draws"

  /// Writes the state with the weights, whole or not at all.
  ///
  /// - Throws: `BalanceError` where the file cannot be written.
  func save(to url: URL, parameters: Parameters) throws {
    var header = header
    header.hasChecksum = true
    let json = String(decoding: try CanonicalJSON.encode(header), as: UTF8.self)
    let metadata = ["format": "pt", Self.key: json]
    try Self.withTensors(arrays.sorted { $0.key < $1.key }[...], []) { tensors in
      try timesDrawn.withUnsafeBytes { bytes in
        let draws = Safetensors.Tensor(
          name: Self.draws, shape: [timesDrawn.count], dtype: .i32, bytes: bytes)
        try parameters.saveWithChecksum(to: url, metadata: metadata, also: tensors + [draws])
      }
    }
  }

  /// Calls `body` with the arrays as tensors, which are valid as long.
  private static func withTensors(
    _ arrays: ArraySlice<(key: String, value: [Float])>, _ tensors: [Safetensors.Tensor],
    _ body: ([Safetensors.Tensor]) throws -> Void
  ) throws {
    guard let (name, values) = arrays.first else { return try body(tensors) }
    try values.withUnsafeBytes { bytes in
      let tensor = Safetensors.Tensor(name: prefix + name, shape: [values.count], bytes: bytes)
      try withTensors(arrays.dropFirst(), tensors + [tensor], body)
    }
  }

  /// Reads what `save` wrote, and brings the weights into `parameters`.
  ///
  /// - Throws: `BalanceError` for a file that is not a sound checkpoint of this network, or not as
  ///   it was written.
  init(reading url: URL, into parameters: Parameters) throws(BalanceError) {
    do { try self.init(reading: StoredWeights(opening: url), into: parameters) } catch {
      throw BalanceError(
        error.code, error.what, at: error.place ?? url.path,
        remedy: "delete the file, and the run starts again when it is resumed")
    }
  }

  private init(reading file: StoredWeights, into parameters: Parameters) throws(BalanceError) {
    func damaged(_ what: String) -> BalanceError { BalanceError(.data, what, at: file.path) }
    let isUnaltered = try file.isUnaltered()
    guard isUnaltered != false else {
      throw damaged("has changed since it was written: its checksum does not fit")
    }
    guard let json = file.metadata[Self.key],
      let header = try? CanonicalJSON.decode(Header.self, from: Data(json.utf8)),
      let draws = file.tensors[Self.draws]?.int32s
    else { throw damaged("is not a checkpoint, or one of another version") }
    if isUnaltered == nil {
      guard header.hasChecksum == nil else { throw damaged("has lost its checksum") }
      note = "the checkpoint is of an earlier version, without a checksum: damage is not found out"
    }
    self.header = header
    timesDrawn = draws
    arrays = [:]
    for (name, tensor) in file.tensors where name.hasPrefix(Self.prefix) && name != Self.draws {
      guard tensor.dtype == .f32, tensor.shape.count == 1 else {
        throw damaged("holds '\(name)' as \(tensor.dtype.rawValue) of shape \(tensor.shape)")
      }
      arrays[String(name.dropFirst(Self.prefix.count))] = [Float](
        unsafeUninitializedCapacity: tensor.count
      ) { buffer, count in
        tensor.read(into: UnsafeMutableBufferPointer(rebasing: buffer[..<tensor.count]))
        count = tensor.count
      }
    }
    try parameters.load(file.weights)
  }
}

extension StoredWeights {
  /// Without what a training checkpoint holds besides weights.
  var weights: StoredWeights {
    with(tensors.filter { !$0.key.hasPrefix(TrainerState.prefix) })
  }
}
