import BalanceCore
import BalanceInterchange
import BalanceNetworks
import BalanceONNXFormat
import Foundation
import SwiftProtobuf
import Testing

/// What is in an exported graph. That it computes the same is for `tools/verify onnx` to show.
@Suite struct ONNXStructureTests {
  @Test func aConvolutionHasAllItsAttributes() throws {
    let graph = try graph { b, x in
      let options = BalanceNetworks.Operation.Convolution(
        filters: 8, kernel: 3, stride: 2, padding: 1, dilation: 2, groups: 4, bias: true)
      return b.append("conv", .convolution(options), x)
    }
    let conv = try #require(graph.node.first { $0.opType == "Conv" })
    #expect(conv.input == ["images", "conv.weight", "conv.bias"])
    let ints = Dictionary(uniqueKeysWithValues: conv.attribute.map { ($0.name, $0.ints) })
    #expect(ints["kernel_shape"] == [3, 3] && ints["strides"] == [2, 2])
    #expect(ints["dilations"] == [2, 2] && ints["pads"] == [1, 1, 1, 1])
    #expect(conv.attribute.first { $0.name == "group" }?.i == 4)
    #expect(graph.initializer.first { $0.name == "conv.weight" }?.dims == [8, 1, 3, 3])
  }

  @Test(arguments: [
    (BalanceNetworks.Operation.Activation.relu, ["Relu"]),
    (.relu6, ["Constant", "Constant", "Clip"]),
    (.silu, ["Sigmoid", "Mul"]), (.hardSwish, ["HardSwish"]), (.sigmoid, ["Sigmoid"]),
    (.hardSigmoid, ["HardSigmoid"]),
  ])
  func activations(kind: BalanceNetworks.Operation.Activation, expected: [String]) throws {
    let graph = try graph { b, x in b.append("f", .activation(kind), x) }
    #expect(types(graph) == expected + Self.tail)
  }

  @Test func whatIsTheIdentityInEvaluationLeavesNoTrace() throws {
    let graph = try graph { b, x in
      b.append("depth", .stochasticDepth(0.5), b.append("drop", .dropout(0.5), x))
    }
    #expect(types(graph) == Self.tail)
  }

  @Test func linearLayersStoredAsConvolutionsAreFlattened() throws {
    let graph = try graph { b, x in
      let pooled = b.append("squeeze", .globalAveragePool, x)
      let scales = b.append("fc", .linear(.init(outputs: 4, asConvolution: true)), pooled)
      return b.append("scale", .scaleChannels, x, scales)
    }
    #expect(graph.initializer.first { $0.name == "fc.weight" }?.dims == [4, 4, 1, 1])
    let flatten = try #require(graph.node.first { $0.input == ["fc.weight"] })
    #expect(flatten.opType == "Flatten" && flatten.attribute.first?.i == 1)
    let linear = try #require(graph.node.first { $0.name == "fc" })
    #expect(linear.opType == "Gemm" && linear.input[1] == flatten.output[0])
  }

  @Test func otherOperations() throws {
    let graph = try graph { b, x in
      let p = b.append("max", .pool(.init(.maximum, kernel: 3, stride: 2, padding: 1)), x)
      let q = b.append("mean", .pool(.init(.average, kernel: 3, stride: 2, padding: 1)), x)
      let c = b.append("cat", .concatenate, p, q)
      return b.append("short", .subsample(.init(stride: 2, channels: 11)), c)
    }
    #expect(
      types(graph) == ["MaxPool", "AveragePool", "Concat"]
        + [String](repeating: "Constant", count: 4) + ["Slice", "Constant", "Pad"] + Self.tail)
    let mean = try #require(graph.node.first { $0.name == "mean" })
    #expect(mean.attribute.first { $0.name == "count_include_pad" }?.i == 1)
    let pads = try #require(graph.node.first { $0.name == "short/pads" })
    let values = pads.attribute[0].t.rawData.withUnsafeBytes {
      Array($0.bindMemory(to: Int64.self)).map(Int64.init(littleEndian:))
    }
    // Three more channels: one before, two after.
    #expect(values == [0, 1, 0, 0, 0, 2, 0, 0])
  }

  @Test func theCosineClassifierIsScaled() throws {
    var builder = NetworkBuilder()
    let features = builder.append("pool", .globalAveragePool, builder.input)
    _ = builder.append("head", .cosineLinear(.init(outputs: 3, scale: 12)), features)
    let graph = try graph(of: builder.network("case", input: Self.input, classes: 3))
    let head = try #require(graph.node.first { $0.name == "head" })
    #expect(head.opType == "Gemm" && head.attribute.first { $0.name == "alpha" }?.f == 12)
    #expect(graph.node.count { $0.opType == "ReduceL2" } == 2)
  }

  /// Each value is made before it is read, and made once.
  @Test(arguments: ModelCatalog.names, [false, true])
  func graphsAreInOrder(model: String, isFolded: Bool) throws {
    guard model != "resnet50" || isFolded else { return }
    let network = try ModelCatalog.network(
      model, input: ImageShape(height: 32, width: 32, channels: 3), classes: 3)
    let graph = try graph(of: network, isFolded: isFolded)
    var known = Set(graph.input.map(\.name))
    for name in graph.initializer.map(\.name) { #expect(known.insert(name).inserted, "\(name)") }
    for node in graph.node {
      #expect(node.input.allSatisfy(known.contains), "\(node.name) reads \(node.input)")
      for name in node.output { #expect(known.insert(name).inserted, "\(name)") }
    }
    #expect(graph.output.map(\.name) == ["logits", "probabilities"])
    let convolutions = network.nodes.count {
      if case .convolution = $0.operation { true } else { false }
    }
    #expect(graph.node.count { $0.opType == "Conv" } == convolutions)
    // In these models a batch norm follows each convolution and nothing else.
    let norms = graph.node.count { $0.opType == "BatchNormalization" }
    #expect(norms == (isFolded ? 0 : convolutions))
  }

  private static let input = ImageShape(height: 8, width: 8, channels: 4)
  /// Global average, linear, the name of the logits, probabilities.
  private static let tail = ["GlobalAveragePool", "Flatten", "Gemm", "Identity", "Softmax"]

  private func types(_ graph: ONNXGraph) -> [String] { graph.node.map(\.opType) }

  /// The graph of a network with these layers before its head.
  private func graph(_ build: (inout NetworkBuilder, Int) -> Int) throws -> ONNXGraph {
    var builder = NetworkBuilder()
    let made = build(&builder, builder.input)
    let features = builder.append("pool", .globalAveragePool, made)
    _ = builder.append("head", .linear(.init(outputs: 3)), features)
    return try graph(of: builder.network("case", input: Self.input, classes: 3))
  }

  private func graph(of network: Network, isFolded: Bool = false) throws -> ONNXGraph {
    try exported(Parameters(network, seed: 1), isFolded: isFolded).graph
  }
}

/// A model as it is in the file.
func exported(_ parameters: Parameters, isFolded: Bool) throws -> ONNXModel {
  let network = parameters.network
  let channels = network.input.channels
  var exporter = ONNXExporter(
    parameters, classNames: (0..<network.classes).map { "class \($0)" },
    normalization: Normalization(
      mean: [Float](repeating: 0.5, count: channels),
      deviation: [Float](repeating: 0.25, count: channels)))
  exporter.foldsBatchNorm = isFolded
  return try ONNXModel(serializedBytes: exporter.encode())
}
