import BalanceCore
import BalanceNetworks
import BalanceTensors
import Testing

/// The list of what computes each convolution.
@Suite struct PlannedConvolutionTests {
  private func problem(_ name: String, side: Int) throws -> Problem {
    try Problem(
      ModelCatalog.network(
        name, input: ImageShape(height: side, width: side, channels: 3), classes: 4), batch: 4)
  }

  private func training(
    _ problem: Problem, _ options: PlanOptions = PlanOptions()
  ) throws -> [PlannedConvolution] {
    try TrainingPlan(
      problem.parameters.network, parameters: problem.parameters, batchSize: problem.batch,
      pool: ComputePool(threads: 2), options: options
    ).convolutions
  }

  private func evaluation(
    _ problem: Problem, _ options: PlanOptions = PlanOptions()
  ) throws -> [PlannedConvolution] {
    try EvaluationPlan(
      problem.parameters.network, parameters: problem.parameters, batchSize: problem.batch,
      pool: ComputePool(threads: 2), options: options
    ).convolutions
  }

  @Test func everyConvolutionIsListedOnceInOrder() throws {
    let problem = try problem("resnet20", side: 16)
    let names = problem.parameters.network.nodes.filter {
      if case .convolution = $0.operation { true } else { false }
    }.map(\.name)
    #expect(try training(problem).map(\.layer) == names)
    #expect(try evaluation(problem).map(\.layer) == names)
  }

  @Test func directMeansOneDNNDirect() throws {
    let problem = try problem("resnet20", side: 16)
    let options = PlanOptions(convolution: .direct)
    let all = try training(problem, options) + evaluation(problem, options)
    #expect(
      Set(all.map(\.algorithm)) == [
        "oneDNN direct, f32",
        "oneDNN direct, weight gradient by oneDNN direct with filters shared out, f32",
      ])
  }

  /// A few images of 4×4 pixels a layer with 64·64·9 weights, and two threads.
  @Test func filtersAreSharedOutWhereWeightsOutweighMaps() throws {
    let options = PlanOptions(convolution: .direct)
    let listed = try training(problem("resnet20", side: 16), options)
    #expect(listed.first { $0.layer == "conv1" }?.weightGradient == nil)
    #expect(listed.last?.weightGradient == .sharedDirect)
  }

  /// Maps of 2×2 pixels leave three quarters of a Winograd tile empty.
  @Test func winogradWantsFilledTiles() throws {
    let listed = try training(problem("resnet20", side: 8))
    #expect(listed.last?.forward == .direct)
  }

  @Test(.enabled(if: Machine.supportsOwnKernels))
  func ownKernelsTrainAResNet() throws {
    let groups = PlannedConvolution.grouped(try training(problem("resnet20", side: 16)))
    #expect(groups.first?.algorithm == "own first layer, f32")
    #expect(groups.first?.layers == ["conv1"])
    // The last stage has too few tiles for it in a batch this small.
    #expect((groups.first { $0.algorithm == "own Winograd, f32" }?.count ?? 0) >= 10)
  }

  @Test(.enabled(if: Machine.supportsOwnKernels))
  func threadsShareAnImagesWinograd() throws {
    let problem = try problem("resnet20", side: 32)
    let plan = try EvaluationPlan(
      problem.parameters.network, parameters: problem.parameters, batchSize: 1,
      pool: ComputePool(threads: 2))
    // The last stage has too few tiles in one image.
    #expect(plan.convolutions.count { $0.forward == .ownWinograd } == 11)
  }

  @Test(.enabled(if: Machine.supportsOwnKernels && !Machine.supportsAVX512))
  func ownKernelsEvaluateWithoutAVX512() throws {
    let groups = PlannedConvolution.grouped(try evaluation(problem("mobilenet_v2", side: 32)))
    #expect(
      groups.map(\.algorithm) == ["own first layer, f32", "own depthwise, f32", "own 1×1, f32"])
    #expect(groups.map(\.count) == [1, 17, 34])
  }

  @Test(.enabled(if: Machine.supportsBF16))
  func ownKernelsEvaluateInBF16() throws {
    let listed = try evaluation(
      problem("mobilenet_v2", side: 32), PlanOptions(precision: .bf16))
    let groups = PlannedConvolution.grouped(listed)
    #expect(
      groups.map(\.algorithm) == ["own first layer, bf16", "own depthwise, bf16", "own 1×1, bf16"])
    #expect(groups.map(\.count) == [1, 17, 34])
  }
}
