import BalanceCommands
import BalanceCore
import BalanceMetrics
import BalanceMonitoring
import BalanceSampling
import BalanceTraining
import Foundation
import Synchronization
import Testing

@Suite struct TrainingViewTests {
  /// A run of 30 epochs of 100 steps in its twelfth epoch, 40 ms a step of 40 images.
  private func status(classes: [String]?) -> TrainingStatus {
    var status = TrainingStatus(
      .init(epochs: 30, totalSteps: 3000, firstStep: 1100, lossFingerprint: ""), at: 0)
    var moment = 0.0
    if let classes {
      status.observe(
        .epochEnded(
          .init(
            epoch: 10, loss: 0.5, learningRate: 0.0213,
            validation: Self.evaluation(classes), seconds: 1)), at: moment)
    }
    for step in 1100..<1142 {
      moment += 0.04
      status.observe(
        .stepEnded(.init(step: step, epoch: 11, count: 40, loss: 0.5, learningRate: 0.0213)),
        at: moment)
    }
    return status
  }

  /// Two images a class; all of the first class are found, the others are taken for it.
  private static func evaluation(_ classes: [String]) -> Evaluation {
    let truth = classes.indices.flatMap { [$0, $0] }
    return Evaluation(
      PredictionTable(
        classNames: classes, images: truth.map { "\($0)" }, groups: nil, truth: truth,
        probabilities: truth.flatMap { _ in classes.indices.map { $0 == 0 ? 1 : 0 } }),
      trainingCounts: nil)
  }

  @Test("everything has its place on 80 columns")
  func usual() {
    let view = TrainingView(status(classes: ["nv", "melanoma", "bkl", "bcc"]))
    #expect(
      view.lines(at: 1.68, columns: 79) == [
        "epoch 12/30 42 %  loss 0.5000  lr 0.0213  1,000 images/s  1:14 left",
        "macro F1 0.100  accuracy 0.250  worst: bcc 0.00, bkl 0.00, melanoma 0.00",
      ])
  }

  @Test("without validation there is one line; before the first step there is little on it")
  func little() {
    #expect(TrainingView(status(classes: nil)).lines(at: 1.68, columns: 79).count == 1)
    let fresh = TrainingStatus(
      .init(epochs: 3, totalSteps: 30, firstStep: 0, lossFingerprint: ""), at: 0)
    #expect(TrainingView(fresh).lines(at: 9, columns: 79) == ["epoch 1/3 0 %"])
  }

  @Test(
    "no line is longer than the terminal, whatever the names", arguments: [20, 40, 60, 79, 119])
  func fits(columns: Int) {
    let classes = [
      "a", "dermatofibroma of the lower leg, histopathology", "血管病变血管病变血管病变血管病变",
      "\u{1B}[2J control",
    ]
    let lines = TrainingView(status(classes: classes)).lines(at: 1.68, columns: columns)
    #expect(lines.count == 2)
    #expect(lines[0].count <= columns)
    #expect(!lines[1].contains("\u{1B}"))
    if columns >= 60 {
      let width = lines[1].reduce(0) { $0 + ($1.unicodeScalars.first!.value > 0x2E80 ? 2 : 1) }
      #expect(width <= columns && width > columns - 8, "\(lines[1])")
      #expect(lines[1].components(separatedBy: " 0.00").count == 4)
    }
  }

  @Test("lines below one another are drawn, shortened and taken away together")
  func drawn() {
    let text = Mutex("")
    let clock = Mutex(0.0)
    let progress = TerminalProgress(
      style: .terminal(columns: 40), write: { new in text.withLock { $0 += new } },
      now: { clock.withLock { $0 } })
    let lines = Mutex(["one", "two"])
    progress.begin("Training", total: 10, unit: "steps")
    progress.show { _, _ in lines.withLock { $0 } }
    text.withLock { $0 = "" }
    clock.withLock { $0 = 1 }
    progress.advance(by: 1)
    #expect(text.withLock { $0 } == "\r\u{1B}[Kone\n\u{1B}[Ktwo\u{1B}[1A")
    text.withLock { $0 = "" }
    lines.withLock { $0 = ["uno"] }
    clock.withLock { $0 = 2 }
    progress.advance(by: 1)
    #expect(text.withLock { $0 } == "\r\u{1B}[Kuno\n\u{1B}[K\u{1B}[1A")
    lines.withLock { $0 = ["one", "two"] }
    progress.note("a note")
    text.withLock { $0 = "" }
    progress.end()
    #expect(text.withLock { $0 }.contains("\r\u{1B}[J"))
  }

  @Test("in a file each epoch has its line, and long epochs a line a minute")
  func plain() {
    let text = Mutex("")
    let clock = Mutex(0.0)
    let progress = TerminalProgress(
      style: .plain, write: { new in text.withLock { $0 += new } }, now: { clock.withLock { $0 } })
    let observer = ProgressObserver(progress)
    observer.observe(
      .runBegan(.init(epochs: 2, totalSteps: 200, firstStep: 0, lossFingerprint: "")))
    for epoch in 0..<2 {
      for step in 0..<100 {
        clock.withLock { $0 += 1 }
        observer.observe(
          .stepEnded(
            .init(
              step: 100 * epoch + step, epoch: epoch, count: 10, loss: 1, learningRate: 0.1)))
      }
      observer.observe(
        .epochEnded(
          .init(
            epoch: epoch, loss: 1.25, learningRate: 0.1,
            validation: Self.evaluation(["x", "y"]), seconds: clock.withLock { $0 })))
    }
    let lines = text.withLock { $0 }.split(separator: "\n")
    #expect(
      lines.prefix(2) == [
        "epoch 1/2 60 %  loss 1.0000  lr 0.100  10 images/s  2:20 left",
        "epoch 1 of 2: training loss 1.2500, validation macro F1 0.333, accuracy 0.500, "
          + "worst: y 0.00, x 0.67",
      ])
    #expect(lines.count == 4)
  }
}
