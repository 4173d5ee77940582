import BalanceCore
import BalanceNetworks
import BalanceTensors
import Foundation
import Testing

@Suite struct PlanTests {
  private func resnet() throws -> Network {
    try ModelCatalog.network(
      "resnet20", input: ImageShape(height: 16, width: 16, channels: 3), classes: 4)
  }

  @Test(arguments: ModelCatalog.names)
  func everyModelAgreesWithTheReference(name: String) throws {
    // The deep ones repeat what resnet20 has; their shapes are checked by compiling them. Those for
    // large images end in single pixels here, so that the batch must be large enough for norms.
    let isSmall = name == "cnn" || ["20", "32", "44", "56"].contains(name.dropFirst(6))
    let side = isSmall ? 8 : 24
    let network = try ModelCatalog.network(
      name, input: ImageShape(height: side, width: side, channels: 3), classes: 4)
    let problem = try Problem(network, batch: isSmall ? 3 : 6)
    let result = try problem.run(threads: 2)
    #expect(relativeError(result.logits, problem.referenceLogits) < (isSmall ? 1e-4 : 1e-3))
    guard ["cnn", "resnet20"].contains(name) else { return }
    // ReLU's kinks make single precision differ from double at a few units.
    #expect(relativeError(result.gradients, problem.referenceGradient) < 1e-2)
  }

  @Test(arguments: [
    ("resnet18", 11_689_512), ("resnet34", 21_797_672), ("resnet50", 25_557_032),
    ("mobilenet_v2", 3_504_872), ("mobilenet_v3_small", 2_542_856),
    ("mobilenet_v3_large", 5_483_032), ("efficientnet_b0", 5_288_548),
    ("efficientnet_lite0", 4_652_008), ("efficientnet_lite1", 5_416_680),
    ("efficientnet_lite2", 6_092_072),
  ])
  func modelsHaveThePublishedNumberOfParameters(name: String, count: Int) throws {
    let network = try ModelCatalog.network(
      name, input: ImageShape(height: 224, width: 224, channels: 3), classes: 1000)
    #expect(try Parameters(network, seed: 0).count == count)
  }

  @Test(arguments: [
    ("layers: conv 8 kernel 5 stride 2 norm none, depthwise dilation 2 activation hard-swish, "
      + "squeeze-excite, residual 20 stride 2 activation relu6, average-pool 2, global-average, "
      + "linear 12 activation sigmoid, dropout 0.25, cosine 10"),
    "layers: conv 8, conv 12 groups 4 activation none, residual 12, pool 3 stride 2 padding 1, "
      + "global-average, linear",
  ])
  func listsOfLayersAgreeWithTheReference(name: String) throws {
    let network = try ModelCatalog.network(
      name, input: ImageShape(height: 20, width: 18, channels: 3), classes: 4)
    let problem = try Problem(network, batch: 4)
    let result = try problem.run(threads: 2)
    #expect(relativeError(result.logits, problem.referenceLogits) < 1e-4)
    #expect(relativeError(result.gradients, problem.referenceGradient) < 1e-2)
  }

  @Test(arguments: [
    ("layers: global-average, conv 8, linear", "layer 'layers.1.conv' needs one feature map"),
    ("layers: conv 8, linear", "layer 'layers.1.linear' needs features"),
    ("layers: conv 9 groups 2, global-average, linear", "has 2 groups, which do not divide"),
    ("layers: conv 8 stride 8, pool 9, global-average, linear", "needs at least 9 pixels a side"),
    ("layers: conv 8,, linear", "layer 2: is empty"),
    ("layers:", "layer 1: is empty"),
    ("layers: conv 8 kernel, linear", "kernel has no value"),
    ("layers: conv 8 kernel 3 kernel 3, linear", "kernel is given twice"),
    ("layers: conv -8, linear", "expected filters to be a whole number"),
    ("layers: conv 8 activation gelu, linear", "unknown activation 'gelu'"),
    ("layers: cosine 0", "expected a scale above 0"),
  ])
  func wrongListsSayWhatIsWrong(name: String, message: String) {
    #expect {
      _ = try ModelCatalog.network(
        name, input: ImageShape(height: 16, width: 16, channels: 3), classes: 4)
    } throws: { error in
      let found = "\(error)".contains(message)
      if !found { Issue.record("\(error)") }
      return found
    }
  }

  @Test func sameSeedAndThreadsGiveTheSameBits() async throws {
    let problem = try Problem(resnet(), batch: 9)
    // A thread that has computed before and one that has not must plan the same primitives.
    let results = try await withCheckedThrowingContinuation { continuation in
      Thread {
        continuation.resume(with: Result { try (0..<3).map { _ in try problem.run(threads: 2) } })
      }
      .start()
    }
    for result in results.dropFirst() {
      let sameLogits = result.logits == results[0].logits
      let sameGradients = result.gradients == results[0].gradients
      #expect(sameLogits && sameGradients)
    }
  }

  @Test func shortBatchesAfterFullOnes() throws {
    let problem = try Problem(resnet(), batch: 8)
    let pool = try ComputePool(threads: 2)
    let plan = try EvaluationPlan(
      problem.parameters.network, parameters: problem.parameters, batchSize: 8, pool: pool)
    let full = try problem.pixels.withUnsafeBufferPointer { Array(try plan.logits($0, count: 8)) }
    for count in [1, 3, 8] {
      let part = try problem.pixels.withUnsafeBufferPointer {
        Array(try plan.logits($0, count: count))
      }
      // Evaluation knows no other image: the same logits within rounding for any batch.
      let expected = full.prefix(count * 4).map(Double.init)
      #expect(relativeError(part, expected) < 1e-5, "\(count) images")
    }
  }

  @Test func dropoutIsTheIdentityInEvaluationAndEndsAPlan() throws {
    func network(_ rate: Double) throws -> Network {
      var builder = NetworkBuilder()
      let y = builder.append("d", .dropout(rate), builder.input)
      let pooled = builder.append("pool", .globalAveragePool, y)
      let logits = builder.append("fc", .linear(.init(outputs: 3)), pooled)
      _ = builder.append("last", .stochasticDepth(rate), logits)
      return try builder.network(
        "case", input: ImageShape(height: 4, width: 4, channels: 3), classes: 3)
    }
    let problem = try Problem(network(0.5), batch: 6)
    let plain = try Problem(network(0), batch: 6)
    let plan = try EvaluationPlan(
      problem.parameters.network, parameters: problem.parameters, batchSize: 6,
      pool: ComputePool(threads: 2))
    let logits = try problem.pixels.withUnsafeBufferPointer {
      Array(try plan.logits($0, count: 6))
    }
    #expect(relativeError(logits, plain.referenceLogits) < 1e-5)
    let trained = try problem.run(threads: 2).logits
    #expect(relativeError(trained, problem.referenceLogits) < 1e-5)
    #expect(relativeError(trained, plain.referenceLogits) > 0.1)
  }

  @Test func trainingMovesRunningStatisticsAsPyTorchDoes() throws {
    var builder = NetworkBuilder()
    let y = builder.append("n", .batchNorm(.init()), builder.input)
    let pooled = builder.append("pool", .globalAveragePool, y)
    _ = builder.append("fc", .linear(.init(outputs: 2)), pooled)
    let network = try builder.network(
      "case", input: ImageShape(height: 2, width: 2, channels: 1), classes: 2)
    let parameters = try Parameters(network, seed: 0)
    let plan = try TrainingPlan(
      network, parameters: parameters, batchSize: 2, pool: ComputePool(threads: 2))
    let pixels: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    _ = try pixels.withUnsafeBufferPointer { try plan.forward($0, count: 2) }
    // Mean 4.5, unbiased variance 6; each moves a tenth of the way from 0 and 1.
    #expect(abs((parameters.tensor(named: "n.running_mean")?[0] ?? 0) - 0.45) < 1e-6)
    #expect(abs((parameters.tensor(named: "n.running_var")?[0] ?? 0) - 1.5) < 1e-6)
  }

  @Test func largeMeansLoseNoVariance() throws {
    var builder = NetworkBuilder()
    let y = builder.append("n", .batchNorm(.init()), builder.input)
    let pooled = builder.append("pool", .globalAveragePool, y)
    _ = builder.append("fc", .linear(.init(outputs: 2)), pooled)
    let network = try builder.network(
      "case", input: ImageShape(height: 8, width: 8, channels: 1), classes: 2)
    let parameters = try Parameters(network, seed: 0)
    let plan = try TrainingPlan(
      network, parameters: parameters, batchSize: 4, pool: ComputePool(threads: 1))
    // A deviation a ten-thousandth of the mean: naive single-precision sums would see none of it.
    let pixels = (0..<256).map { Float(1000) + Float($0 % 2 == 0 ? 0.125 : -0.125) }
    _ = try pixels.withUnsafeBufferPointer { try plan.forward($0, count: 4) }
    let expected = 0.9 + 0.1 * 0.015625 * 256 / 255
    let found = Double(parameters.tensor(named: "n.running_var")?[0] ?? 0)
    #expect(abs(found - expected) < 1e-6)
  }

  @Test func tooSmallAnImageIsAnErrorThatSaysSo() {
    #expect(throws: BalanceError.self) {
      try Network(
        name: "case", input: ImageShape(height: 2, width: 2, channels: 3), classes: 2,
        nodes: [
          .init(
            name: "a", operation: .convolution(.init(filters: 16, kernel: 5)), inputs: [0])
        ])
    }
  }

  @Test func networksAreCodable() throws {
    let network = try resnet()
    let data = try CanonicalJSON.encode(network)
    #expect(try CanonicalJSON.decode(Network.self, from: data) == network)
  }

  @Test func resnet32HasThePapersParameters() throws {
    let network = try ModelCatalog.network(
      "resnet32", input: ImageShape(height: 32, width: 32, channels: 3), classes: 10)
    // 0.46 million in the paper; counted layer by layer.
    #expect(try Parameters(network, seed: 0).count == 464_154)
  }
}
