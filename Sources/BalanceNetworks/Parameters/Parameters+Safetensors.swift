public import BalanceCore
public import Foundation

extension Parameters {
  /// Writes all tensors and running statistics, in PyTorch's names and layouts, and for each batch
  /// norm `num_batches_tracked` as 0, which PyTorch insists on and does not use.
  ///
  /// The same values give the same bytes. Written whole or not at all.
  ///
  /// - Throws: `BalanceError` when the file cannot be written.
  public func save(to url: URL, metadata: [String: String] = [:]) throws {
    try OutputFile.write(encoded(metadata: metadata, also: [], hasChecksum: false), to: url)
  }

  /// As `save(to:metadata:)`, with a checksum that `StoredWeights.isUnaltered` looks at, and with
  /// other tensors besides, of names that are not the network's.
  package func saveWithChecksum(
    to url: URL, metadata: [String: String], also: [Safetensors.Tensor] = []
  ) throws {
    try AtomicFile.write(encoded(metadata: metadata, also: also, hasChecksum: true), to: url)
  }

  private func encoded(
    metadata: [String: String], also: [Safetensors.Tensor], hasChecksum: Bool
  ) throws -> Data {
    let trained = tensors.map { tensor($0, in: values) }
    let running = buffers.map { tensor($0, in: bufferValues) }
    return try withUnsafeBytes(of: Int64(0)) { zero in
      let statistic = "running_mean"
      let counts = buffers.filter { $0.name.hasSuffix(statistic) }.map { entry in
        Safetensors.Tensor(
          name: entry.name.dropLast(statistic.count) + "num_batches_tracked", shape: [],
          dtype: .i64, bytes: zero)
      }
      // The widest values first, so that all are aligned.
      return try Safetensors.encode(
        counts + trained + running + also, metadata: metadata, hasChecksum: hasChecksum)
    }
  }

  /// Reads tensors that `save` or PyTorch wrote, in one file or several; see `StoredWeights`.
  ///
  /// - Throws: as `load(_:mapping:except:)`, and for a file that cannot be read.
  public func load(from url: URL, mapping: TensorMapping = TensorMapping()) throws(BalanceError) {
    try load(StoredWeights(opening: url), mapping: mapping)
  }

  /// Reads the tensors of a checkpoint as single precision. Every tensor of the network must be
  /// there; a batch norm's `num_batches_tracked` is passed over.
  ///
  /// - Parameters:
  ///   - mapping: how the checkpoint's names become the network's.
  ///   - except: names of tensors that are left as they are, whatever the checkpoint has there.
  /// - Throws: `BalanceError` naming the tensor that is missing, unknown, of another shape (with
  ///   both shapes), not of real numbers, or holds NaN or an infinity (with its index), where
  ///   nothing is changed; and for a file that becomes shorter while it is read.
  public func load(
    _ checkpoint: StoredWeights, mapping: TensorMapping = TensorMapping(), except: Set<String> = []
  ) throws(BalanceError) {
    let known = tensors + buffers
    let found = try mapping.apply(to: checkpoint, names: known.map(\.name), of: network.name)
    for entry in known where !except.contains(entry.name) { try check(entry, in: found) }
    let names = Set(known.map(\.name))
    for name in found.tensors.keys.sorted() where !names.contains(name) {
      if name.hasSuffix("num_batches_tracked") { continue }
      throw BalanceError(
        .data, "has a tensor '\(name)' that \(network.name) has not", at: found.path,
        remedy: "these are not weights of \(network.name)")
    }
    try found.checkReadable()
    for (list, storage) in [(tensors, values), (buffers, bufferValues)] {
      for entry in list where !except.contains(entry.name) {
        found.tensors[entry.name]?.read(into: slice(storage, entry))
      }
    }
    try found.checkReadable()
  }

  private func check(_ entry: Tensor, in checkpoint: StoredWeights) throws(BalanceError) {
    func wrong(_ what: String, remedy: String) -> BalanceError {
      BalanceError(.data, what, at: checkpoint.path, remedy: remedy)
    }
    guard let tensor = checkpoint.tensors[entry.name] else {
      let longer = checkpoint.tensors.keys.filter { $0.utf8.ends(with: ".\(entry.name)".utf8) }
      throw wrong(
        "has no tensor '\(entry.name)' of shape \(entry.shape)"
          + (longer.min().map { ", but '\($0)'" } ?? ""),
        remedy: longer.isEmpty
          ? "these are not weights of \(network.name)"
            + (entry.role.isNormalization ? " with its batch norms" : "")
          : "take a prefix off with 'strip' in a mapping file of 'balance import'")
    }
    guard tensor.shape == entry.shape else {
      throw wrong(
        "tensor '\(entry.name)' has shape \(tensor.shape) where \(network.name) has "
          + "\(entry.shape)", remedy: "use weights of the same model, image channels and classes")
    }
    guard tensor.dtype.isReadable else {
      throw wrong(
        "tensor '\(entry.name)' is \(tensor.dtype.rawValue), not F64, F32, F16 or BF16",
        remedy: "convert the weights to single precision")
    }
    if let index = tensor.firstNonFinite() {
      throw wrong(
        "tensor '\(entry.name)' holds a value that is not finite in single precision, at "
          + "\(position(index, in: entry.shape))",
        remedy: "take weights from before the training diverged")
    }
  }

  /// A flat index as one a dimension.
  private func position(_ index: Int, in shape: [Int]) -> [Int] {
    var rest = index
    var position: [Int] = []
    for size in shape.reversed() {
      position.append(rest % size)
      rest /= size
    }
    return position.reversed()
  }

  private func tensor(_ entry: Tensor, in storage: UnsafeMutableBufferPointer<Float>)
    -> Safetensors.Tensor
  {
    Safetensors.Tensor(
      name: entry.name, shape: entry.shape, bytes: UnsafeRawBufferPointer(slice(storage, entry)))
  }
}
