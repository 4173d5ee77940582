import BalanceCore
import BalanceMetrics
import BalanceMonitoring
import BalanceTraining
import Foundation
import Testing

@Suite struct TrainingStatusTests {
  private func began(epochs: Int = 2, steps: Int = 200, from: Int = 0) throws -> TrainingStatus {
    guard case .runBegan(let event) = Made.began(epochs: epochs, steps: steps, from: from) else {
      throw CancellationError()
    }
    return TrainingStatus(event, at: 1000)
  }

  @Test("time left is that of the remaining steps at the pace of this part of the run")
  func timeLeft() throws {
    var status = try began(from: 100)
    #expect(status.secondsLeft(at: 1000) == nil)
    status.observe(Made.epochBegan(1), at: 1000)
    for step in 100..<150 { status.observe(Made.step(step, epoch: 1), at: 1000) }
    #expect(status.secondsLeft(at: 1010) == 10)
    #expect(status.share == 0.5 && status.epoch == 1)
  }

  @Test("the loss follows the steps and evens them out")
  func loss() throws {
    var status = try began(steps: 2000)
    #expect(status.loss == nil)
    status.observe(Made.step(0, epoch: 0, loss: 3), at: 1001)
    #expect(status.loss == 3)
    for step in 1..<1000 {
      status.observe(Made.step(step, epoch: 0, loss: step.isMultiple(of: 2) ? 0.5 : 1.5), at: 1001)
    }
    #expect(abs((status.loss ?? 0) - 1) < 0.02)
  }

  @Test("images per second are of the last seconds, and without validation")
  func speed() throws {
    var status = try began(steps: 4000)
    var moment = 1000.0
    for step in 0..<1000 {
      moment += 0.1
      status.observe(Made.step(step, epoch: 0), at: moment)
    }
    #expect(abs((status.imagesPerSecond ?? 0) - 100) < 0.1)
    moment += 60
    status.observe(Made.epochBegan(1), at: moment)
    for step in 2000..<2200 {
      moment += 0.2
      status.observe(Made.step(step, epoch: 1), at: moment)
    }
    #expect(abs((status.imagesPerSecond ?? 0) - 50) < 0.1)
  }

  @Test("the three worst classes are those with images, ties by the training counts")
  func worst() throws {
    let classes = ["a", "b", "c", "d", "e"]
    let table = PredictionTable(
      classNames: classes, images: ["1", "2", "3", "4"], groups: nil, truth: [0, 1, 2, 3],
      probabilities: [
        1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0,
      ])
    let evaluation = Evaluation(
      table, trainingCounts: .init(names: classes, counts: [50, 40, 9, 8, 0]))
    let validation = TrainingStatus.Validation(evaluation)
    #expect(validation.worst.map(\.name) == ["d", "c", "a"])
    #expect(validation.worst[2].f1 == 0.5)
    var status = try began()
    status.observe(Made.epochEnded(0, validation: evaluation), at: 1001)
    #expect(status.validation == validation)
    status.observe(Made.epochEnded(1), at: 1002)
    #expect(status.validation == validation)
  }
}
