import BalanceCore
import BalanceNetworks
import BalanceTensors
import Testing

/// Batches that are evaluated some images at a time.
@Suite struct EvaluationBatchTests {
  private func network(_ name: String, side: Int) throws -> Network {
    try ModelCatalog.network(
      name, input: ImageShape(height: side, width: side, channels: 3), classes: 4)
  }

  @Test func fewWhereMapsOutweighWeights() throws {
    func number(_ name: String, side: Int) throws -> Int {
      try EvaluationBatch.imagesAtOnce(network(name, side: side), batchSize: 32, threads: 2)
    }
    #expect(try number("mobilenet_v2", side: 224) == 4)
    #expect(try number("resnet20", side: 32) == 16)
    #expect(try number("resnet18", side: 224) == 32)
  }

  @Test(arguments: [1, 2, 5, 12, 31, 64, 100], [1, 2, 3, 7])
  func partsOfABatchAreEqual(batchSize: Int, threads: Int) throws {
    let number = try EvaluationBatch.imagesAtOnce(
      network("mobilenet_v2", side: 128), batchSize: batchSize, threads: threads)
    #expect(batchSize % number == 0)
    #expect(number == batchSize || number % threads == 0)
  }

  /// Features computed beforehand have the bits of an evaluation of the whole network.
  @Test(arguments: ModelCatalog.names)
  func headsDoNotMatter(name: String) throws {
    let whole = try network(name, side: 64)
    let backbone = try #require(whole.cut()).backbone
    #expect(
      EvaluationBatch.imagesAtOnce(whole, batchSize: 128, threads: 2)
        == EvaluationBatch.imagesAtOnce(backbone, batchSize: 128, threads: 2))
  }

  @Test func partsMakeTheWhole() throws {
    var builder = NetworkBuilder()
    let y = builder.append(
      "c", .convolution(.init(filters: 8, kernel: 3, padding: 1)), builder.input)
    let pooled = builder.append("pool", .globalAveragePool, y)
    _ = builder.append("fc", .linear(.init(outputs: 3)), pooled)
    let network = try builder.network(
      "case", input: ImageShape(height: 12, width: 12, channels: 3), classes: 3)
    #expect(EvaluationBatch.imagesAtOnce(network, batchSize: 12, threads: 2) == 4)
    let problem = try Problem(network, batch: 12)
    let plan = try EvaluationPlan(
      network, parameters: problem.parameters, batchSize: 12, pool: ComputePool(threads: 2))
    for count in [12, 9, 6, 1] {
      let logits = try problem.pixels.withUnsafeBufferPointer {
        Array(try plan.logits($0, count: count))
      }
      let expected = Array(problem.referenceLogits.prefix(count * 3))
      #expect(logits.count == expected.count && relativeError(logits, expected) < 1e-5)
    }
  }
}
