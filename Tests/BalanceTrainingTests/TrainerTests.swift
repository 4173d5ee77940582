import BalanceCore
import BalanceMetrics
import BalanceSampling
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

@Suite struct TrainerTests {
  private final class Recorder: TrainingObserver {
    var events: [TrainingEvent] = []
    func observe(_ event: TrainingEvent) { events.append(event) }

    /// The events' names: what the pseudocode of `Trainer` promises.
    var names: [String] {
      events.map { event in
        switch event {
        case .runBegan: "run"
        case .note: "note"
        case .epochBegan: "epoch"
        case .stepEnded: "step"
        case .epochEnded: "epoch ended"
        case .stopped: "stopped"
        case .runEnded: "run ended"
        }
      }
    }
  }

  @Test func eventsComeInTheOrderOfThePseudocode() throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration { $0.epochs = 2 }
      let recorder = Recorder()
      let trainer = try pictures.trainer(configuration)
      try trainer.run(observers: [recorder])
      let training = trainer.data.dataset.training.count
      let steps = (training + 6) / 7
      // The last batch is short.
      try #require(training % 7 != 0)
      let epoch = ["epoch"] + [String](repeating: "step", count: steps) + ["epoch ended"]
      #expect(recorder.names == ["run"] + epoch + epoch + ["run ended"])
      let images = recorder.events.reduce(0) { sum, event in
        if case .stepEnded(let step) = event { sum + step.count } else { sum }
      }
      #expect(images == 2 * training)
      #expect(trainer.totalSteps == 2 * steps)
    }
  }

  @Test(arguments: ["none", "undersample", "weighted", "oversample"])
  func everyStrategyTakesTheSameSteps(strategy: String) throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration {
        $0.remedy.strategy = (try? SamplingStrategy(parsing: strategy)) ?? .none
      }
      let trainer = try pictures.trainer(configuration)
      try trainer.run()
      let drawn = trainer.drawsPerClass
      #expect(drawn.draws.reduce(0, +) == 4 * trainer.data.dataset.training.count)
      let counts = trainer.data.dataset.trainingCounts.counts
      #expect(zip(drawn.distinct, counts).allSatisfy { $0 <= $1 && $0 > 0 })
    }
  }

  @Test(arguments: Precision.allCases)
  func brightnessIsLearned(precision: Precision) throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration {
        $0.epochs = 30
        $0.precision = precision
      }
      let trainer = try pictures.trainer(configuration, threads: 2)
      let fallsBack = precision == .bf16 && !Machine.supportsBF16
      #expect(trainer.notes.contains { $0.hasPrefix("precision is f32") } == fallsBack)
      let history = TrainingHistory()
      try trainer.run(observers: [history])
      let evaluation = Evaluation(
        try trainer.predict(trainer.data.dataset.training), trainingCounts: nil)
      #expect(evaluation.macro.f1 > 0.95)
      let losses = history.rows.map(\.trainingLoss)
      #expect(losses[29] < losses[0] / 2)
      #expect(history.rows.allSatisfy { $0.validationMacroF1 != nil })
      #expect(history.csv.split(separator: "\n").count == 31)
    }
  }

  @Test func divergenceIsAnErrorWithStepAndRate() throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration {
        $0.optimization.learningRate = 1000
        $0.optimization.weightDecay = 1000
        $0.epochs = 50
      }
      let trainer = try pictures.trainer(configuration)
      let error = try #require(throws: BalanceError.self) { try trainer.run() }
      #expect(error.what.contains("the loss became"))
      #expect(error.what.contains("at step"))
      #expect(error.what.contains("learning rate"))
      #expect(error.remedy?.contains("--lr") == true)
    }
  }

  @Test func softmaxIsStableAndAddsUpToOne() {
    let logits: [Float] = [1000, 1000, -1000, 0, 0.5, -0.5]
    let result = logits.withUnsafeBufferPointer { Evaluator.softmax($0, classes: 3) }
    #expect(result[0] == 0.5 && result[1] == 0.5 && result[2] == 0)
    #expect(abs(result[3...5].reduce(0, +) - 1) < 1e-6)
    // exp(0.5) / (1 + exp(0.5) + exp(−0.5))
    #expect(abs(result[4] - 0.506_480_4) < 1e-6)
  }
}
