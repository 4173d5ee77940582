import BalanceCore
import BalanceNetworks
import BalanceONNXFormat

/// Writes the operations of a network as nodes of an ONNX graph. Feature maps are `[N, C, H, W]`,
/// features `[N, F]`.
struct ONNXLowering {
  var writer: ONNXGraphWriter
  private let parameters: Parameters
  private let network: Network
  private let folding: BatchNormFolding
  /// The graph's name of each value.
  private var values: [String] = []

  init(_ parameters: Parameters, foldsBatchNorm: Bool, writer: ONNXGraphWriter) {
    self.parameters = parameters
    network = parameters.network
    folding = BatchNormFolding(parameters, isOn: foldsBatchNorm)
    self.writer = writer
  }

  /// Writes all nodes; the last value is called `logits`.
  mutating func lower(from input: String) {
    values = [input]
    for index in network.nodes.indices { values.append(lower(index)) }
    writer.node("Identity", [values[network.nodes.count]], exactly: "logits")
  }

  /// Every operation has a place here: a new one does not compile until it has.
  private mutating func lower(_ index: Int) -> String {
    let node = network.nodes[index]
    let name = node.name
    let inputs = node.inputs.map { values[$0] }
    switch node.operation {
    case .convolution(let options): return convolution(index, options, inputs)
    case .batchNorm(let options):
      if folding.convolution(before: index) != nil { return inputs[0] }
      let tensors = ["weight", "bias", "running_mean", "running_var"].map { initializer(name, $0) }
      return writer.node(
        "BatchNormalization", inputs + tensors, name: name,
        ONNXAttribute("epsilon", options.epsilon))
    case .activation(let kind): return writer.activation(kind, inputs[0], name: name)
    case .add: return writer.node("Add", inputs, name: name)
    case .pool(let options): return pool(name, options, inputs)
    case .globalAveragePool:
      let mean = writer.node("GlobalAveragePool", inputs, name: name + "/mean")
      return writer.node("Flatten", [mean], name: name, ONNXAttribute("axis", 1))
    case .linear(let options): return linear(name, options, inputs)
    case .cosineLinear(let options): return cosineLinear(name, options, inputs[0])
    case .concatenate: return writer.node("Concat", inputs, name: name, ONNXAttribute("axis", 1))
    case .scaleChannels:
      let axes = writer.constant([2, 3], name: name + "/axes")
      let scales = writer.node("Unsqueeze", [inputs[1], axes], name: name + "/scales")
      return writer.node("Mul", [inputs[0], scales], name: name)
    // The identity in evaluation.
    case .dropout, .stochasticDepth: return inputs[0]
    case .subsample(let options): return subsample(index, options, inputs)
    }
  }

  private mutating func convolution(
    _ index: Int, _ options: Operation.Convolution, _ inputs: [String]
  ) -> String {
    let node = network.nodes[index]
    let name = node.name
    guard case .image(let input) = network.shapes[node.inputs[0]] else {
      preconditionFailure("'\(name)' is a convolution of features")
    }
    var tensors: [String]
    if let folded = folding.folded(convolution: index) {
      tensors = [
        writer.initializer(name + ".weight", folded.shape, folded.weight),
        writer.initializer(name + ".bias", [options.filters], folded.bias),
      ]
    } else {
      tensors = [initializer(name, "weight")]
      if options.bias { tensors.append(initializer(name, "bias")) }
    }
    return writer.node(
      "Conv", inputs + tensors, name: name,
      ONNXAttribute("kernel_shape", [options.kernel, options.kernel]),
      ONNXAttribute("strides", [options.stride, options.stride]),
      ONNXAttribute("pads", options.pads(over: input)),
      ONNXAttribute("dilations", [options.dilation, options.dilation]),
      ONNXAttribute("group", options.groups))
  }

  private mutating func linear(
    _ name: String, _ options: Operation.Linear, _ inputs: [String]
  ) -> String {
    var weight = initializer(name, "weight")
    if options.asConvolution {
      weight = writer.node("Flatten", [weight], name: name + "/matrix", ONNXAttribute("axis", 1))
    }
    let bias = options.bias ? [initializer(name, "bias")] : []
    return writer.node(
      "Gemm", inputs + [weight] + bias, name: name, ONNXAttribute("transB", 1))
  }

  private mutating func cosineLinear(
    _ name: String, _ options: Operation.CosineLinear, _ input: String
  ) -> String {
    let floor = writer.constant(Float(Operation.CosineLinear.epsilon), name: name + "/epsilon")
    let features = writer.directions(input, floor: floor, name: name + "/features")
    let weight = writer.directions(
      initializer(name, "weight"), floor: floor, name: name + "/classes")
    return writer.node(
      "Gemm", [features, weight], name: name, ONNXAttribute("transB", 1),
      ONNXAttribute("alpha", options.scale))
  }

  private mutating func pool(
    _ name: String, _ options: Operation.Pooling, _ inputs: [String]
  ) -> String {
    let kernel = ONNXAttribute("kernel_shape", [options.kernel, options.kernel])
    let strides = ONNXAttribute("strides", [options.stride, options.stride])
    let pads = ONNXAttribute("pads", [Int](repeating: options.padding, count: 4))
    switch options.kind {
    case .maximum: return writer.node("MaxPool", inputs, name: name, kernel, strides, pads)
    case .average:
      return writer.node(
        "AveragePool", inputs, name: name, kernel, strides, pads,
        ONNXAttribute("count_include_pad", 1))
    }
  }

  /// Every stride-th pixel, then zeros for the additional channels.
  private mutating func subsample(
    _ index: Int, _ options: Operation.Subsample, _ inputs: [String]
  ) -> String {
    let node = network.nodes[index]
    let name = node.name
    let additional = options.channels - channels(of: node.inputs[0])
    let starts = writer.constant([0, 0], name: name + "/starts")
    let ends = writer.constant([.max, .max], name: name + "/ends")
    let axes = writer.constant([2, 3], name: name + "/axes")
    let steps = writer.constant([options.stride, options.stride], name: name + "/steps")
    let sliced = writer.node(
      "Slice", inputs + [starts, ends, axes, steps], name: name + "/sliced")
    let before = additional / 2
    let pads = writer.constant(
      [0, before, 0, 0, 0, additional - before, 0, 0], name: name + "/pads")
    return writer.node("Pad", [sliced, pads], name: name)
  }

  private func channels(of value: Int) -> Int {
    switch network.shapes[value] {
    case .image(let shape): shape.channels
    case .features(let count): count
    }
  }

  private mutating func initializer(_ node: String, _ suffix: String) -> String {
    let name = "\(node).\(suffix)"
    let entry = (parameters.tensors + parameters.buffers).first { $0.name == name }
    guard let entry, let values = parameters.tensor(named: name) else {
      preconditionFailure("the network has no tensor \(name)")
    }
    return writer.initializer(name, entry.shape, values)
  }
}
