public import BalanceCore
import Foundation
import Tensors

/// The trainable parameters of a network, their gradients, and the running statistics of its batch
/// norms, in three flat f32 buffers that optimizers and plans share.
///
/// `@unchecked Sendable`: threads of a pool write disjoint ranges; between runs there is one owner.
public final class Parameters: @unchecked Sendable {
  /// A named tensor within a flat buffer.
  public struct Entry: Hashable, Sendable {
    public enum Role: String, Codable, Sendable { case weight, bias, normalization }
    /// PyTorch's name: `layer1.0.conv1.weight`.
    public let name: String
    /// PyTorch's layout: `[O, I, K, K]` for convolutions, `[O, I]` for linear layers.
    public let shape: [Int]
    /// Where it lies in the flat buffer.
    public let range: Range<Int>
    public let role: Role
    /// The layer that it belongs to, as an index into the network's nodes.
    public let node: Int

    public var count: Int { range.count }
  }

  public let network: Network
  /// Trainable tensors, in the order of the layers.
  public let entries: [Entry]
  /// Running means and variances.
  public let buffers: [Entry]
  /// All trainable values. Between entries lie zeros that keep each aligned to 64 bytes.
  public let values: UnsafeMutableBufferPointer<Float>
  /// Gradients, laid out as `values`.
  public let gradients: UnsafeMutableBufferPointer<Float>
  public let bufferValues: UnsafeMutableBufferPointer<Float>
  private let memory: AlignedMemory

  /// The number of trainable values, padding excluded.
  public var count: Int { entries.reduce(0) { $0 + $1.count } }

  /// Initial values as the models' papers have them; see `initialize(seed:)`.
  ///
  /// - Throws: `BalanceError` when there is not enough memory.
  public init(_ network: Network, seed: UInt64) throws(BalanceError) {
    self.network = network
    var layout = ParameterLayout()
    for index in network.nodes.indices { layout.append(network, node: index) }
    entries = layout.entries
    buffers = layout.buffers
    let size = layout.size
    memory = try AlignedMemory(bytes: (2 * size + layout.bufferSize) * 4)
    let base = memory.pointer(at: 0, as: Float.self)
    values = UnsafeMutableBufferPointer(start: base, count: size)
    gradients = UnsafeMutableBufferPointer(start: base + size, count: size)
    bufferValues = UnsafeMutableBufferPointer(start: base + 2 * size, count: layout.bufferSize)
    initialize(seed: seed)
  }

  /// The values of the trainable tensor or buffer with this name.
  public func tensor(named name: String) -> UnsafeMutableBufferPointer<Float>? {
    if let entry = entries.first(where: { $0.name == name }) { return slice(values, entry) }
    if let entry = buffers.first(where: { $0.name == name }) { return slice(bufferValues, entry) }
    return nil
  }

  /// The gradient of the trainable tensor with this name.
  public func gradient(named name: String) -> UnsafeMutableBufferPointer<Float>? {
    entries.first { $0.name == name }.map { slice(gradients, $0) }
  }

  func slice(_ buffer: UnsafeMutableBufferPointer<Float>, _ entry: Entry)
    -> UnsafeMutableBufferPointer<Float>
  {
    UnsafeMutableBufferPointer(rebasing: buffer[entry.range])
  }
}

/// Decides where each tensor of a network lies in the flat buffers.
struct ParameterLayout {
  private(set) var entries: [Parameters.Entry] = []
  private(set) var buffers: [Parameters.Entry] = []
  private(set) var size = 0
  private(set) var bufferSize = 0
  private var node = 0

  mutating func append(_ network: Network, node index: Int) {
    self.node = index
    let node = network.nodes[index]
    let input = network.shapes[node.inputs[0]]
    switch (node.operation, input) {
    case (.convolution(let options), .image(let shape)):
      add(
        node.name + ".weight", [options.filters, shape.channels, options.kernel, options.kernel],
        .weight)
      if options.bias { add(node.name + ".bias", [options.filters], .bias) }
    case (.batchNorm, .image(let shape)):
      add(node.name + ".weight", [shape.channels], .normalization)
      add(node.name + ".bias", [shape.channels], .normalization)
      addBuffer(node.name + ".running_mean", [shape.channels])
      addBuffer(node.name + ".running_var", [shape.channels])
    case (.linear(let options), .features(let features)):
      add(node.name + ".weight", [options.outputs, features], .weight)
      if options.bias { add(node.name + ".bias", [options.outputs], .bias) }
    default: break
    }
  }

  private mutating func add(_ name: String, _ shape: [Int], _ role: Parameters.Entry.Role) {
    let range = size..<size + shape.reduce(1, *)
    entries.append(.init(name: name, shape: shape, range: range, role: role, node: node))
    size = (range.upperBound + 15) / 16 * 16
  }

  private mutating func addBuffer(_ name: String, _ shape: [Int]) {
    let range = bufferSize..<bufferSize + shape.reduce(1, *)
    buffers.append(
      .init(name: name, shape: shape, range: range, role: .normalization, node: node))
    bufferSize = (range.upperBound + 15) / 16 * 16
  }
}
