import BalanceCore
import BalanceDatasets
import BalanceMetrics
import BalanceNetworks
import BalanceObjectives
import BalanceSampling
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

/// Accumulation of gradients, early stopping, the choice of weights, deferred sampling.
@Suite struct LoopTests {
  private final class Recorder: TrainingObserver {
    var losses: [Double] = []
    var counts: [Int] = []
    var validations: [Evaluation] = []
    var notes: [String] = []
    var draws: [[Int32]] = []

    func observe(_ event: TrainingEvent) {
      switch event {
      case .stepEnded(let event):
        losses.append(event.loss)
        counts.append(event.count)
      case .epochBegan(let event): draws.append(event.plan.draws.map(\.image))
      case .epochEnded(let event): if let figures = event.validation { validations.append(figures) }
      case .note(let text): notes.append(text)
      default: break
      }
    }
  }

  private func trainer(_ pictures: Pictures, _ settings: [String: String]) throws -> Trainer {
    var configuration = Pictures.configuration()
    for (name, text) in settings { try configuration.set(name, to: text) }
    return try pictures.trainer(configuration, threads: 2)
  }

  static let normFree = "layers: conv 8 norm none, pool, conv 16 norm none, global-average, linear"

  /// 3 × 4 images make the steps of 12, also the last one of an epoch, which has fewer.
  @Test(arguments: [
    ["loss": "cross-entropy"],
    ["loss": "cross-entropy", "class-weights": "inverse-frequency"],
    ["loss": "focal:2", "class-weights": "custom:0,1,3"],
  ])
  func accumulatedBatchesAreOneLargeBatch(_ loss: [String: String]) throws {
    try Pictures.with { pictures in
      let shared = loss.merging(["model": Self.normFree, "epochs": "3", "lr": "0.2"]) { $1 }
      let (large, small) = (Recorder(), Recorder())
      let one = try trainer(pictures, shared.merging(["batch-size": "12"]) { $1 })
      try one.run(observers: [large])
      let several = try trainer(
        pictures, shared.merging(["batch-size": "4", "accumulate": "3"]) { $1 })
      try several.run(observers: [small])
      #expect(large.counts == small.counts)
      #expect(large.counts.contains { $0 < 12 })
      #expect(zip(large.losses, small.losses).allSatisfy { abs($0 - $1) < 1e-5 })
      for (a, b) in zip(one.parameters.values, several.parameters.values) {
        #expect(abs(a - b) < 1e-5)
      }
      #expect(several.totalSteps == one.totalSteps)
    }
  }

  /// The gradient itself, for a step of four batches.
  @Test func theGradientOfFourQuartersIsThatOfTheWhole() throws {
    try Pictures.with { pictures in
      let shared = ["model": Self.normFree, "epochs": "1", "lr": "0"]
      let one = try trainer(pictures, shared.merging(["batch-size": "1000"]) { $1 })
      try one.run()
      let count = one.data.dataset.training.count
      let four = try trainer(
        pictures,
        shared.merging(["batch-size": "\((count + 3) / 4)", "accumulate": "4"]) { $1 })
      try four.run()
      #expect(four.totalSteps == 1)
      var largest: Float = 0
      for (a, b) in zip(one.parameters.gradients, four.parameters.gradients) {
        #expect(abs(a - b) < 1e-5)
        largest = max(largest, abs(a))
      }
      #expect(largest > 1e-3)
    }
  }

  @Test func batchNormsAreSpokenOfWhenGradientsAreAccumulated() throws {
    try Pictures.with { pictures in
      let notes = try trainer(pictures, ["accumulate": "4"]).notes
      #expect(notes.contains { $0.contains("batch norms see 7 of them at a time") })
      let free = try trainer(pictures, ["accumulate": "4", "model": Self.normFree]).notes
      #expect(free.contains { $0.contains("4 × 7 images") && !$0.contains("batch norms") })
    }
  }

  @Test func aRunEndsWhenValidationHasNotBecomeBetter() throws {
    try Pictures.with { pictures in
      let recorder = Recorder()
      let trainer = try trainer(
        pictures, ["early-stopping": "2", "epochs": "60", "lr": "0.02"])
      try trainer.run(observers: [recorder])
      let figures = recorder.validations.map(\.macro.f1)
      try #require(figures.count < 60)
      // By definition: the first epoch after which two in a row were not above the best.
      var (best, since, end) = (-1.0, 0, 0)
      for (epoch, figure) in figures.enumerated() {
        if figure > best { (best, since) = (figure, 0) } else { since += 1 }
        if since == 2 {
          end = epoch + 1
          break
        }
      }
      #expect(figures.count == end)
      #expect(recorder.notes.contains { $0.hasPrefix("the run ends after epoch \(end)") })
      #expect(trainer.position.step == end * trainer.stepsPerEpoch)
    }
  }

  @Test(arguments: ["best", "best:loss"], ["none", "0.7"])
  func theBestEpochIsKept(choice: String, ema: String) throws {
    try Pictures.with { pictures in
      let recorder = Recorder()
      let trainer = try trainer(
        pictures, ["keep": choice, "ema": ema, "epochs": "9", "lr": "0.1"])
      try trainer.run(observers: [recorder])
      let figures = recorder.validations.map { $0.negativeLogLikelihood }
      let scores = recorder.validations.map(\.macro.f1)
      let expected =
        choice == "best"
        ? scores.firstIndex(of: scores.max() ?? 0) : figures.firstIndex(of: figures.min() ?? 0)
      let epoch = try #require(expected)
      #expect(
        recorder.notes.contains { $0.hasPrefix("the weights of epoch \(epoch + 1) are kept") })
      let again = Evaluation(
        try trainer.predict(trainer.data.dataset.validation),
        trainingCounts: trainer.data.dataset.trainingCounts)
      #expect(again == recorder.validations[epoch])
    }
  }

  @Test(arguments: ["early-stopping": "5", "keep": "best"])
  func whatGoesByValidationNeedsImages(setting: String, value: String) throws {
    try Pictures.with { pictures in
      _ = try pictures.index().makeSplit(.init(name: "bare", val: 0, test: 0.3, seed: 0))
      var configuration = Pictures.configuration()
      try configuration.set(setting, to: value)
      let bare = try TrainingData(pictures.index(), split: "bare")
      let error = #expect(throws: BalanceError.self) {
        try pictures.trainer(configuration, on: bare)
      }
      #expect(error?.place == setting)
      #expect(error?.what.contains("no validation images") == true)
    }
  }

  /// What is printed before training is what the epochs draw.
  @Test func deferredSamplingIsAuditedFromItsEpoch() throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration {
        $0.remedy.strategy = .undersample
        $0.remedy.strategyFrom = 3
      }
      let audits = try pictures.training(configuration)
        .audits()
      #expect(audits.map(\.epoch) == [0, 2])
      #expect(audits.map(\.strategy) == [.none, .undersample])
      #expect(audits[0].total.distinctImages == audits[0].total.images)
    }
  }

  @Test(arguments: ["defer-strategy", "defer-weights", "unfreeze-at"])
  func anEpochThatOneEpochDoesNotHaveIsNotAskedFor(setting: String) throws {
    var configuration = Pictures.configuration { $0.epochs = 1 }
    for (name, text) in [
      ("strategy", "weighted"), ("class-weights", "inverse-frequency"), ("init", "nowhere"),
      ("freeze", "backbone"), (setting, "2"),
    ] { try configuration.set(name, to: text) }
    let error = #expect(throws: BalanceError.self) { try configuration.validate() }
    #expect(error?.place == setting)
    #expect(error?.remedy?.contains("nothing can change within one") == true, "\(setting)")
  }

  @Test func deferredSamplingBeginsWithItsEpoch() throws {
    try Pictures.with { pictures in
      let recorder = Recorder()
      try trainer(pictures, ["strategy": "undersample", "defer-strategy": "3"])
        .run(observers: [recorder])
      let distinct = recorder.draws.map { Set($0).count }
      // Every image once, then few images of the large classes.
      #expect(distinct[0] == recorder.draws[0].count && distinct[1] == distinct[0])
      #expect(distinct[2] < distinct[0])
      #expect(recorder.notes.contains("from epoch 3 on, images are drawn by undersample"))
    }
  }

  @Test(arguments: [
    ("early-stopping", "0"), ("early-stopping", "f1:3"), ("early-stopping", "loss:"),
    ("keep", "bset"), ("keep", "best:f1"), ("accumulate", "0"), ("defer-strategy", "1"),
  ])
  func wrongSettingsAreRefused(name: String, text: String) {
    var configuration = TrainingConfiguration()
    let error = #expect(throws: BalanceError.self) { try configuration.set(name, to: text) }
    #expect(error?.code == .usage)
  }

  @Test(arguments: [
    ("early-stopping", "7", "macro-f1:7"), ("early-stopping", "loss:3", "loss:3"),
    ("keep", "best", "best:macro-f1"), ("keep", "best:accuracy", "best:accuracy"),
  ])
  func settingsAreWrittenAsTheyAreRead(name: String, text: String, written: String) throws {
    var configuration = TrainingConfiguration()
    try configuration.set(name, to: text)
    #expect(configuration.settings[name] == written)
    var again = TrainingConfiguration()
    try again.set(name, to: written)
    #expect(again == configuration)
  }
}
