public import BalanceCore

/// Writes a network layer by layer; each call returns the number of the value that the layer makes,
/// for the layers behind it to read.
///
///     var builder = NetworkBuilder()
///     var x = builder.convolutionNorm("", index: 1, builder.input, filters: 16)
///     x = builder.append("pool", .globalAveragePool, x)
///     _ = builder.append("fc", .linear(.init(outputs: classes)), x)
///     let network = try builder.network("tiny", input: input, classes: classes)
public struct NetworkBuilder {
  private var nodes: [Network.Node] = []
  /// The stage that layers are appended to; 0 is the stem.
  public var stage = 0

  public init() {}

  /// The number of the network's input, `[N, H, W, C]`.
  public var input: Int { 0 }

  /// Appends a layer.
  ///
  /// - Parameters:
  ///   - name: the prefix of its parameters' names, as in PyTorch; no two layers have the same.
  ///   - inputs: numbers of values that earlier layers made, or `input`.
  public mutating func append(_ name: String, _ operation: Operation, _ inputs: Int...) -> Int {
    append(name, operation, inputs)
  }

  public mutating func append(_ name: String, _ operation: Operation, _ inputs: [Int]) -> Int {
    nodes.append(Network.Node(name: name, operation: operation, inputs: inputs, stage: stage))
    return nodes.count
  }

  /// A convolution that keeps the size at stride 1, batch norm, and ReLU if wanted. `index` is the
  /// number in PyTorch's names: `conv1`, `bn1`.
  public mutating func convolutionNorm(
    _ prefix: String, index: Int, _ x: Int, filters: Int, kernel: Int = 3, stride: Int = 1,
    relu: Bool = true
  ) -> Int {
    let convolution = Operation.Convolution(
      filters: filters, kernel: kernel, stride: stride, padding: .around(kernel / 2))
    let y = append("\(prefix)conv\(index)", .convolution(convolution), x)
    let z = append("\(prefix)bn\(index)", .batchNorm(Operation.BatchNorm()), y)
    return relu ? append("\(prefix)relu\(index)", .relu, z) : z
  }

  /// As torchvision's `Conv2dNormActivation`: a convolution that keeps the size at stride 1, batch
  /// norm and activation, numbered 0, 1 and 2 behind the prefix.
  public mutating func convolutionNormActivation(
    _ prefix: String, _ x: Int, filters: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
    norm: Operation.BatchNorm = .init(), activation: Operation?
  ) -> Int {
    let convolution = Operation.Convolution(
      filters: filters, kernel: kernel, stride: stride, padding: .around(kernel / 2), groups: groups
    )
    let y = append("\(prefix).0", .convolution(convolution), x)
    let z = append("\(prefix).1", .batchNorm(norm), y)
    return activation.map { append("\(prefix).2", $0, z) } ?? z
  }

  /// The network of the layers so far; the last one must give one logit a class.
  ///
  /// - Throws: as `Network.init`.
  public func network(
    _ name: String, input: ImageShape, classes: Int, initialization: Initialization = .he
  ) throws(BalanceError) -> Network {
    try Network(
      name: name, input: input, classes: classes, nodes: nodes, initialization: initialization)
  }
}
