public import BalanceCore
import BalanceTensors
import Foundation

/// The trainable parameters of a network, their gradients, and the running statistics of its batch
/// norms, in three flat f32 buffers that optimizers and plans share.
///
/// `@unchecked Sendable`: threads of a pool write disjoint ranges; between runs there is one owner.
public final class Parameters: @unchecked Sendable {
  /// A named tensor within a flat buffer.
  public struct Tensor: Hashable, Sendable {
    public enum Role: Hashable, Sendable {
      case weight
      case bias
      /// Scale, shift or a running statistic of a batch norm, all of this value in a new network.
      case normalization(initially: Float)

      var isNormalization: Bool { if case .normalization = self { true } else { false } }
    }
    /// PyTorch's name: `layer1.0.conv1.weight`.
    public let name: String
    /// PyTorch's layout: `[O, I / groups, K, K]` for convolutions, `[O, I]` for linear layers.
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
  public let tensors: [Tensor]
  /// Running means and variances.
  public let buffers: [Tensor]
  /// All trainable values. Between tensors lie zeros that keep each aligned to 64 bytes.
  public let values: UnsafeMutableBufferPointer<Float>
  /// Gradients, laid out as `values`.
  public let gradients: UnsafeMutableBufferPointer<Float>
  public let bufferValues: UnsafeMutableBufferPointer<Float>
  private let memory: AlignedMemory

  /// The number of trainable values, padding excluded.
  public var count: Int { tensors.reduce(0) { $0 + $1.count } }

  /// Initial values as the models' papers have them; see `initialize(seed:)`.
  ///
  /// - Throws: `BalanceError` when there is not enough memory.
  public init(_ network: Network, seed: UInt64) throws(BalanceError) {
    self.network = network
    var layout = ParameterLayout()
    for index in network.nodes.indices { layout.append(network, node: index) }
    tensors = layout.tensors
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
    if let entry = tensors.first(where: { $0.name == name }) { return slice(values, entry) }
    if let entry = buffers.first(where: { $0.name == name }) { return slice(bufferValues, entry) }
    return nil
  }

  /// The gradient of the trainable tensor with this name.
  public func gradient(named name: String) -> UnsafeMutableBufferPointer<Float>? {
    tensors.first { $0.name == name }.map { slice(gradients, $0) }
  }

  func slice(_ buffer: UnsafeMutableBufferPointer<Float>, _ entry: Tensor)
    -> UnsafeMutableBufferPointer<Float>
  {
    UnsafeMutableBufferPointer(rebasing: buffer[entry.range])
  }
}

extension Network {
  /// The number of trainable values.
  public var parameterCount: Int {
    var layout = ParameterLayout()
    for index in nodes.indices { layout.append(self, node: index) }
    return layout.tensors.reduce(0) { $0 + $1.count }
  }
}

/// Decides where each tensor of a network lies in the flat buffers.
struct ParameterLayout {
  private(set) var tensors: [Parameters.Tensor] = []
  private(set) var buffers: [Parameters.Tensor] = []
  private(set) var size = 0
  private(set) var bufferSize = 0

  mutating func append(_ network: Network, node index: Int) {
    let node = network.nodes[index]
    let input = network.shapes[node.inputs[0]]
    switch (node.operation, input) {
    case (.convolution(let options), .image(let shape)):
      add(
        "weight",
        [options.filters, shape.channels / options.groups, options.kernel, options.kernel],
        .weight)
      if options.bias { add("bias", [options.filters], .bias) }
    case (.batchNorm, .image(let shape)):
      add("weight", [shape.channels], .normalization(initially: 1))
      add("bias", [shape.channels], .normalization(initially: 0))
      addBuffer("running_mean", [shape.channels], initially: 0)
      addBuffer("running_var", [shape.channels], initially: 1)
    case (.linear(let options), .features(let features)):
      let shape = [options.outputs, features]
      add("weight", options.asConvolution ? shape + [1, 1] : shape, .weight)
      if options.bias { add("bias", [options.outputs], .bias) }
    case (.cosineLinear(let options), .features(let features)):
      add("weight", [options.outputs, features], .weight)
    case (.activation, _), (.add, _), (.pool, _), (.globalAveragePool, _), (.concatenate, _),
      (.scaleChannels, _), (.dropout, _), (.stochasticDepth, _), (.subsample, _):
      break
    case (.convolution, .features), (.batchNorm, .features), (.linear, .image),
      (.cosineLinear, .image):
      preconditionFailure("a network was made with '\(node.name)' reading \(input)")
    }

    func add(_ suffix: String, _ shape: [Int], _ role: Parameters.Tensor.Role) {
      tensors.append(entry(suffix, shape, role, at: &size))
    }
    func addBuffer(_ suffix: String, _ shape: [Int], initially value: Float) {
      buffers.append(entry(suffix, shape, .normalization(initially: value), at: &bufferSize))
    }
    func entry(
      _ suffix: String, _ shape: [Int], _ role: Parameters.Tensor.Role, at end: inout Int
    ) -> Parameters.Tensor {
      let range = end..<end + shape.reduce(1, *)
      end = (range.upperBound + 15) / 16 * 16
      return Parameters.Tensor(
        name: "\(node.name).\(suffix)", shape: shape, range: range, role: role, node: index)
    }
  }
}
