import BalanceCore
import BalanceNetworks
import BalanceTensors
import Testing

@Suite struct StageTests {
  @Test(arguments: [("cnn", 2), ("resnet20", 3), ("resnet56", 3)])
  func everyModelHasStemStagesAndHead(name: String, stages: Int) throws {
    let network = try ModelCatalog.network(
      name, input: ImageShape(height: 32, width: 32, channels: 3), classes: 10)
    #expect(network.stageCount == stages)
    #expect(Set(network.stages) == Set((0...stages).map { .backbone($0) } + [.head]))
    #expect(network.stages.first == .backbone(0) && network.stages.last == .head)
    // Only the last layer is the head, and stages follow one another.
    #expect(network.backboneNodes.count == network.nodes.count - 1)
    let numbers = network.stages.compactMap { if case .backbone(let n) = $0 { n } else { nil } }
    #expect(numbers == numbers.sorted())
  }

  @Test(arguments: [
    ("resnet18", 4, 1), ("resnet50", 4, 1), ("mobilenet_v2", 8, 2), ("efficientnet_b0", 8, 2),
    ("mobilenet_v3_small", 6, 2), ("mobilenet_v3_large", 7, 2), ("efficientnet_lite2", 8, 2),
    ("layers: conv 8, conv 8, residual 16, global-average, dropout 0.1, linear", 2, 2),
  ])
  func dropoutBeforeTheLastLayerIsHead(name: String, stages: Int, head: Int) throws {
    let network = try ModelCatalog.network(
      name, input: ImageShape(height: 64, width: 64, channels: 3), classes: 10)
    #expect(network.stageCount == stages)
    #expect(network.nodes.count - network.backboneNodes.count == head)
    let numbers = network.nodes.map(\.stage)
    #expect(numbers == numbers.sorted() && numbers.first == 0)
  }

  @Test func namesOfStages() throws {
    let network = try ModelCatalog.network(
      "resnet20", input: ImageShape(height: 32, width: 32, channels: 3), classes: 10)
    for (node, stage) in zip(network.nodes, network.stages) {
      if node.name.hasPrefix("layer") {
        #expect(stage == .backbone(Int(node.name.dropFirst(5).prefix(1)) ?? 0))
      }
      if node.name == "bn1" { #expect(stage == .backbone(0)) }
      if node.name == "pool" { #expect(stage == .backbone(3)) }
    }
  }
}

@Suite struct CutTests {
  @Test(arguments: ModelCatalog.names)
  func oneAfterTheOtherIsTheWhole(name: String) throws {
    let network = try ModelCatalog.network(
      name, input: ImageShape(height: 8, width: 8, channels: 3), classes: 4)
    let cut = try #require(network.cut())
    let problem = try Problem(network, batch: 3)
    let parts = try [cut.backbone, cut.head].map { try Parameters($0, seed: 0) }
    for part in parts { part.copy(from: problem.parameters) }
    let pool = try ComputePool(threads: 2)
    func logits(_ parameters: Parameters, _ pixels: [Float]) throws -> [Float] {
      let plan = try EvaluationPlan(
        parameters.network, parameters: parameters, batchSize: 3, pool: pool)
      return try pixels.withUnsafeBufferPointer { Array(try plan.logits($0, count: 3)) }
    }
    let features = try logits(parts[0], problem.pixels)
    let found = try logits(parts[1], features)
    let expected = try logits(problem.parameters, problem.pixels)
    #expect(relativeError(found, expected.map(Double.init)) < 1e-6)
    #expect(network.nodes[cut.offset + 1].name == cut.head.nodes[1].name)
  }
}
