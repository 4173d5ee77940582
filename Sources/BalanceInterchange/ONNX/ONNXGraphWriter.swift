import BalanceONNXFormat
import Foundation

/// Collects the nodes and initializers of an ONNX graph and keeps their names apart.
struct ONNXGraphWriter {
  private(set) var graph = ONNXGraph()
  private var taken: Set<String>

  /// - Parameter reserved: names that only `node(…, exactly:)`, initializers, inputs and outputs
  ///   use.
  init(name: String, reserved: some Sequence<String>) {
    graph.name = name
    taken = Set(reserved)
  }

  /// Appends a node and returns the name of its output: `name`, or that with a number where
  /// another value has it.
  mutating func node(
    _ type: String, _ inputs: [String], name: String, _ attributes: ONNXAttribute...
  ) -> String {
    node(type, inputs, exactly: unique(name), attributes)
  }

  @discardableResult
  mutating func node(
    _ type: String, _ inputs: [String], exactly name: String, _ attributes: [ONNXAttribute] = []
  ) -> String {
    var node = ONNXNode()
    node.opType = type
    node.name = name
    node.input = inputs
    node.output = [name]
    node.attribute = attributes
    graph.node.append(node)
    return name
  }

  /// Weights: a tensor that has a name in the network.
  mutating func initializer(
    _ name: String, _ shape: [Int], _ values: some Sequence<Float>
  ) -> String {
    var tensor = ONNXTensor(shape: shape, values: values)
    tensor.name = name
    graph.initializer.append(tensor)
    return name
  }

  /// A constant of the graph, which is no weight.
  mutating func constant(_ tensor: ONNXTensor, name: String) -> String {
    node("Constant", [], name: name, ONNXAttribute("value", tensor))
  }

  mutating func constant(_ values: [Int], name: String) -> String {
    var tensor = ONNXTensor()
    tensor.dims = [Int64(values.count)]
    tensor.dataType = Int32(ONNXTensor.DataType.int64.rawValue)
    tensor.rawData = values.reduce(into: Data()) { data, value in
      withUnsafeBytes(of: Int64(value).littleEndian) { data.append(contentsOf: $0) }
    }
    return constant(tensor, name: name)
  }

  /// A scalar.
  mutating func constant(_ value: Float, name: String) -> String {
    constant(ONNXTensor(shape: [], values: [value]), name: name)
  }

  /// An input of single-precision values; a nil size is the batch's.
  mutating func input(_ name: String, _ sizes: [Int?]) {
    graph.input.append(ONNXValueInfo(name, sizes))
  }

  mutating func output(_ name: String, _ sizes: [Int?]) {
    graph.output.append(ONNXValueInfo(name, sizes))
  }

  private mutating func unique(_ name: String) -> String {
    var result = name
    var count = 1
    while !taken.insert(result).inserted {
      count += 1
      result = "\(name)_\(count)"
    }
    return result
  }
}

extension ONNXTensor {
  /// Single precision, little-endian.
  init(shape: [Int], values: some Sequence<Float>) {
    self.init()
    dims = shape.map(Int64.init)
    dataType = Int32(DataType.float.rawValue)
    var data = Data(capacity: shape.reduce(4, *))
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    rawData = data
  }
}

extension ONNXAttribute {
  init(_ name: String, _ value: Int) {
    self.init()
    self.name = name
    type = .int
    i = Int64(value)
  }

  init(_ name: String, _ value: Double) {
    self.init()
    self.name = name
    type = .float
    f = Float(value)
  }

  init(_ name: String, _ values: [Int]) {
    self.init()
    self.name = name
    type = .ints
    ints = values.map(Int64.init)
  }

  init(_ name: String, _ tensor: ONNXTensor) {
    self.init()
    self.name = name
    type = .tensor
    t = tensor
  }
}

extension ONNXValueInfo {
  fileprivate init(_ name: String, _ sizes: [Int?]) {
    self.init()
    self.name = name
    type.tensorType.elemType = Int32(ONNXTensor.DataType.float.rawValue)
    type.tensorType.shape.dim = sizes.map { size in
      var dimension = ONNXShape.Dimension()
      if let size { dimension.dimValue = Int64(size) } else { dimension.dimParam = "batch" }
      return dimension
    }
  }
}
