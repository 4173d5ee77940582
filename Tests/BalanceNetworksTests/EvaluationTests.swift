import BalanceNetworks
import BalanceTensors
import Testing

/// Plans with batch norm folded into convolutions, beside the naive reference on running
/// statistics.
@Suite struct EvaluationTests {
  private func problem(_ network: Network) throws -> Problem {
    // A frozen node is what every node is in evaluation.
    try Problem(network, batch: 5, frozen: Set(network.nodes.indices))
  }

  private func logits(_ plan: EvaluationPlan, _ problem: Problem) throws -> [Float] {
    try problem.pixels.withUnsafeBufferPointer {
      Array(try plan.logits($0, count: problem.batch))
    }
  }

  private func plan(
    _ problem: Problem, threads: Int, _ algorithm: PlanOptions.ConvolutionAlgorithm = .automatic,
    precision: ActivationType = .f32
  ) throws -> EvaluationPlan {
    try EvaluationPlan(
      problem.parameters.network, parameters: problem.parameters, batchSize: problem.batch,
      pool: ComputePool(threads: threads),
      options: .init(convolution: algorithm, precision: precision))
  }

  @Test(arguments: OperationCase.all)
  func foldedPlanEqualsNaiveReference(_ operation: OperationCase) throws {
    let problem = try problem(operation.network())
    let expected = problem.referenceLogits
    for threads in [1, 2, 3, 7] {
      for algorithm in PlanOptions.ConvolutionAlgorithm.allCases {
        let plan = try plan(problem, threads: threads, algorithm)
        // The second batch finds the weights prepared.
        for _ in 0..<2 {
          let error = relativeError(try logits(plan, problem), expected)
          #expect(error < OperationTests.tolerance, "\(threads) threads, \(algorithm)")
        }
      }
    }
  }

  @Test(.enabled(if: Machine.supportsBF16), arguments: OperationCase.all)
  func bf16PlanIsNearNaiveReference(_ operation: OperationCase) throws {
    let problem = try problem(operation.network())
    let expected = problem.referenceLogits
    for threads in [1, 2, 7] {
      let plan = try plan(problem, threads: threads, precision: .bf16)
      for _ in 0..<2 {
        let error = relativeError(try logits(plan, problem), expected)
        #expect(error < OperationTests.bf16Tolerance, "\(threads) threads")
      }
    }
  }

  @Test func refreshTakesUpNewParameters() throws {
    let network = try #require(
      OperationCase.all.first { $0.testDescription == "residual block" }
    ).network()
    let problem = try problem(network)
    let plan = try plan(problem, threads: 2)
    let before = try logits(plan, problem)
    for i in problem.parameters.values.indices { problem.parameters.values[i] *= 1.5 }
    for i in problem.parameters.bufferValues.indices { problem.parameters.bufferValues[i] += 0.25 }
    plan.refresh()
    let after = try logits(plan, problem)
    let all = Set(network.nodes.indices)
    let expected = ReferenceNetwork(problem.parameters, frozen: all).logits(problem.input)
    #expect(relativeError(after, expected) < OperationTests.tolerance)
    #expect(relativeError(before, expected) > 0.01)
  }
}
