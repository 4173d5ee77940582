import BalanceCore
import BalanceNetworks
import BalanceONNXFormat
import Foundation
import Testing

@Suite struct BatchNormFoldingTests {
  private func parameters(_ build: (inout NetworkBuilder) -> Int) throws -> Parameters {
    var builder = NetworkBuilder()
    let features = builder.append("pool", .globalAveragePool, build(&builder))
    _ = builder.append("head", .linear(.init(outputs: 2)), features)
    let network = try builder.network(
      "case", input: ImageShape(height: 2, width: 2, channels: 1), classes: 2)
    return try Parameters(network, seed: 0)
  }

  private let convolution = BalanceNetworks.Operation.convolution(
    .init(filters: 2, kernel: 1, bias: true))

  private func set(_ parameters: Parameters, _ name: String, _ values: [Float]) throws {
    let tensor = try #require(parameters.tensor(named: name))
    _ = tensor.update(from: values)
  }

  private func initializer(_ graph: ONNXGraph, _ name: String) throws -> [Float] {
    let tensor = try #require(graph.initializer.first { $0.name == name })
    return tensor.rawData.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  @Test func aBatchNormBecomesWeightsAndBias() throws {
    let parameters = try parameters { b in
      let y = b.append("conv", convolution, b.input)
      return b.append("norm", .batchNorm(.init(epsilon: 0)), y)
    }
    try set(parameters, "conv.weight", [3, -5])
    try set(parameters, "conv.bias", [1, 0.5])
    try set(parameters, "norm.weight", [4, 6])
    try set(parameters, "norm.bias", [10, 20])
    try set(parameters, "norm.running_mean", [2, 1])
    try set(parameters, "norm.running_var", [4, 9])
    // Scales 4 / 2 and 6 / 3; biases 10 + (1 - 2) · 2 and 20 + (0.5 - 1) · 2.
    let graph = try exported(parameters, isFolded: true).graph
    #expect(try initializer(graph, "conv.weight") == [6, -10])
    #expect(try initializer(graph, "conv.bias") == [8, 19])
    #expect(!graph.initializer.contains { $0.name.hasPrefix("norm.") })
  }

  @Test func aNormStaysWhereFoldingWouldChangeAnotherReader() throws {
    let parameters = try parameters { b in
      let y = b.append("conv", convolution, b.input)
      let z = b.append("norm", .batchNorm(.init()), y)
      return b.append("add", .add, y, z)
    }
    let graph = try exported(parameters, isFolded: true).graph
    #expect(graph.node.contains { $0.opType == "BatchNormalization" })
    #expect(
      try initializer(graph, "conv.weight") == Array(parameters.tensor(named: "conv.weight")!))
  }

  @Test func aNormBehindSomethingElseStays() throws {
    let parameters = try parameters { b in
      let y = b.append("conv", convolution, b.input)
      let z = b.append("relu", .relu, y)
      let first = b.append("norm", .batchNorm(.init()), z)
      return b.append("input norm", .batchNorm(.init()), first)
    }
    let graph = try exported(parameters, isFolded: true).graph
    #expect(graph.node.count { $0.opType == "BatchNormalization" } == 2)
  }
}
