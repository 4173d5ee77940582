import Networks
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
