public import BalanceCore
public import Foundation

extension Parameters {
  /// Writes all tensors and running statistics, in PyTorch's names and layouts.
  ///
  /// The same values give the same bytes. Written whole or not at all.
  ///
  /// - Throws: `BalanceError` when the file cannot be written.
  public func save(to url: URL, metadata: [String: String] = [:]) throws {
    let trained = entries.map { tensor($0, in: values) }
    let running = buffers.map { tensor($0, in: bufferValues) }
    try AtomicFile.write(
      Safetensors.encode(trained + running, metadata: metadata), to: url)
  }

  /// Reads tensors that `save` or PyTorch wrote. Every tensor of the network must be there; a
  /// batch norm's `num_batches_tracked` is passed over.
  ///
  /// - Throws: `BalanceError` naming the tensor that is missing, unknown or of another shape (with
  ///   both shapes), and for a file that is not sound. Nothing is changed then.
  public func load(from url: URL) throws(BalanceError) {
    let data: Data
    do { data = try Data(contentsOf: url, options: .alwaysMapped) } catch {
      throw BalanceError(
        .noInput, "cannot be read", at: url.path, remedy: "check the path to the weights")
    }
    let found = try Safetensors.decode(data, at: url.path)
    let known = entries + buffers
    for entry in known {
      guard let tensor = found[entry.name] else {
        throw BalanceError(
          .data, "has no tensor '\(entry.name)' of shape \(entry.shape)", at: url.path,
          remedy: "these are not weights of \(network.name)")
      }
      guard tensor.shape == entry.shape else {
        throw BalanceError(
          .data,
          "tensor '\(entry.name)' has shape \(tensor.shape) where \(network.name) has "
            + "\(entry.shape)", at: url.path,
          remedy: "use weights of the same model, image channels and classes")
      }
      guard tensor.dtype == "F32" else {
        throw BalanceError(
          .data, "tensor '\(entry.name)' is \(tensor.dtype), not F32", at: url.path,
          remedy: "convert the weights to single precision")
      }
    }
    let names = Set(known.map(\.name))
    for name in found.keys.sorted() where !names.contains(name) {
      if name.hasSuffix(".num_batches_tracked") { continue }
      throw BalanceError(
        .data, "has a tensor '\(name)' that \(network.name) has not", at: url.path,
        remedy: "these are not weights of \(network.name)")
    }
    data.withUnsafeBytes { bytes in
      for (list, storage) in [(entries, values), (buffers, bufferValues)] {
        for entry in list {
          guard let tensor = found[entry.name] else { continue }
          UnsafeMutableRawBufferPointer(slice(storage, entry))
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[tensor.bytes]))
        }
      }
    }
  }

  private func tensor(_ entry: Entry, in storage: UnsafeMutableBufferPointer<Float>)
    -> Safetensors.Tensor
  {
    Safetensors.Tensor(
      name: entry.name, shape: entry.shape, values: UnsafeBufferPointer(slice(storage, entry)))
  }
}
