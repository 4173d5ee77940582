import BalanceNetworks
import Testing

/// Which layers of a case are frozen.
enum Freezing: String, CaseIterable, Sendable {
  case firstLayer, firstHalf, everySecond, batchNorms, allButHead, everything

  func nodes(_ network: Network) -> Set<Int> {
    let all = Set(network.nodes.indices)
    return switch self {
    case .firstLayer: [0]
    case .firstHalf: all.filter { $0 < network.nodes.count / 2 }
    case .everySecond: all.filter { $0 % 2 == 0 }
    case .batchNorms:
      all.filter { if case .batchNorm = network.nodes[$0].operation { true } else { false } }
    case .allButHead: all.subtracting([network.nodes.count - 1])
    case .everything: all
    }
  }
}

@Suite struct FrozenTests {
  @Test(arguments: OperationCase.all, Freezing.allCases)
  func planEqualsNaiveReference(_ operation: OperationCase, _ freezing: Freezing) throws {
    let network = try operation.network()
    let frozen = freezing.nodes(network)
    let problem = try Problem(network, batch: 5, frozen: frozen)
    let parameters = problem.parameters
    let logits = problem.referenceLogits
    let gradient = problem.referenceGradient
    let running = Array(parameters.bufferValues)
    let scale = gradient.reduce(0) { max($0, abs($1)) }
    for threads in [1, 2, 7] {
      let result = try problem.run(threads: threads)
      #expect(relativeError(result.logits, logits) < OperationTests.tolerance)
      for entry in parameters.tensors {
        let found = result.gradients[entry.range]
        if frozen.contains(entry.node) {
          #expect(found.allSatisfy { $0 == 0 }, "\(entry.name) is frozen")
          continue
        }
        let size = gradient[entry.range].reduce(0) { $0 + $1 * $1 }.squareRoot()
        let error = relativeError(found, gradient[entry.range])
        #expect(
          size < 1e-9 * scale || error < OperationTests.tolerance * 5,
          "\(entry.name), \(threads) threads: \(error)")
      }
    }
    for entry in parameters.buffers {
      let stays = Array(parameters.bufferValues[entry.range]) == Array(running[entry.range])
      #expect(stays == frozen.contains(entry.node), "\(entry.name)")
    }
  }

  @Test(arguments: Freezing.allCases)
  func referenceGradientEqualsFiniteDifferences(_ freezing: Freezing) throws {
    let operation = try #require(
      OperationCase.all.first { $0.testDescription == "residual block with projection" })
    let network = try operation.network()
    let frozen = freezing.nodes(network)
    let problem = try Problem(network, batch: 3, frozen: frozen)
    let gradient = problem.referenceGradient
    let weights = problem.logitsGradient.map(Double.init)
    func objective(_ reference: ReferenceNetwork) -> Double {
      zip(reference.logits(problem.input), weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for entry in problem.parameters.tensors where !frozen.contains(entry.node) {
      let index = entry.range.lowerBound + entry.count / 2
      var (up, down) = (problem.reference, problem.reference)
      up.parameters[index] += 1e-6
      down.parameters[index] -= 1e-6
      let difference = (objective(up) - objective(down)) / 2e-6
      #expect(abs(difference - gradient[index]) < 1e-5 * max(1, abs(gradient[index])))
    }
  }
}
