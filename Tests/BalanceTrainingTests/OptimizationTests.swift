import BalanceCore
import BalanceDatasets
import BalanceMetrics
import BalanceNetworks
import BalanceOptimizers
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

@Suite struct OptimizationTests {
  /// Sees each step's loss and the parameters after it.
  private final class StepObserver: TrainingObserver {
    var losses: [Double] = []
    var rates: [Double] = []
    var validations: [Evaluation] = []
    var afterStep: () -> Void = {}

    func observe(_ event: TrainingEvent) {
      switch event {
      case .stepEnded(let step):
        losses.append(step.loss)
        rates.append(step.learningRate)
        afterStep()
      case .epochEnded(let epoch): if let figures = epoch.validation { validations.append(figures) }
      default: break
      }
    }
  }

  private func trainer(
    _ pictures: Pictures, threads: Int = 1, _ settings: [String: String]
  ) throws -> Trainer {
    var configuration = Pictures.configuration()
    for (name, text) in settings { try configuration.set(name, to: text) }
    return try pictures.trainer(configuration, threads: threads)
  }

  @Test(arguments: OptimizerSpecification.grammar.names)
  func everyOptimizerLearns(_ name: String) throws {
    try Pictures.with { pictures in
      let trainer = try trainer(
        pictures, threads: 2,
        ["optimizer": name, "lr": name.hasPrefix("adam") ? "0.003" : "0.05", "epochs": "24"])
      let observer = StepObserver()
      try trainer.run(observers: [observer])
      let steps = trainer.stepsPerEpoch
      let (first, last) = (observer.losses.prefix(steps), observer.losses.suffix(steps))
      #expect(last.reduce(0, +) < 0.7 * first.reduce(0, +))
    }
  }

  @Test(arguments: ["0.8", "0.8:copy"])
  func theAverageIsEvaluatedAndKept(_ spelling: String) throws {
    try Pictures.with { pictures in
      let plain = try trainer(pictures, [:])
      let plainSteps = StepObserver()
      try plain.run(observers: [plainSteps])

      let trainer = try trainer(pictures, threads: 1, ["ema": spelling])
      let parameters = trainer.parameters
      var average: [Float] = []
      var buffers: [Float] = []
      let observer = StepObserver()
      observer.afterStep = {
        let isFirst = average.isEmpty
        if isFirst {
          (average, buffers) = (Array(parameters.values), Array(parameters.bufferValues))
        }
        for i in average.indices { average[i] += 0.2 * (parameters.values[i] - average[i]) }
        let share: Float = spelling == "0.8" ? 0.2 : 1
        for i in buffers.indices { buffers[i] += share * (parameters.bufferValues[i] - buffers[i]) }
      }
      try trainer.run(observers: [observer])
      // Training itself goes on as without an average.
      #expect(observer.losses == plainSteps.losses)
      #expect(Array(plain.parameters.values) != average)
      for (kept, expected) in zip(parameters.values, average) {
        #expect(abs(kept - expected) < 1e-6)
      }
      for (kept, expected) in zip(parameters.bufferValues, buffers) {
        #expect(abs(kept - expected) < 1e-6)
      }
      let evaluation = Evaluation(
        try trainer.predict(trainer.data.dataset.validation),
        trainingCounts: trainer.data.dataset.trainingCounts)
      #expect(observer.validations.last?.negativeLogLikelihood == evaluation.negativeLogLikelihood)
      #expect(observer.validations.last?.confusion == evaluation.confusion)
      #expect(trainer.notes.contains { $0.hasPrefix("the moving average of the weights") })
    }
  }

  @Test func clippedGradientsHardlyMove() throws {
    try Pictures.with { pictures in
      let still = ["weight-decay": "0", "momentum": "0", "epochs": "1"]
      for clip in ["norm:1e-07", "value:1e-08"] {
        let trainer = try trainer(
          pictures, threads: 2, still.merging(["clip": clip]) { $1 })
        let before = Array(trainer.parameters.values)
        try trainer.run()
        #expect(zip(before, trainer.parameters.values).allSatisfy { abs($0 - $1) < 1e-6 })
      }
      let free = try trainer(pictures, still)
      let before = Array(free.parameters.values)
      try free.run()
      #expect(zip(before, free.parameters.values).contains { abs($0 - $1) > 1e-4 })
    }
  }

  /// In the first step of SGD decay takes lr · λ · p from a value.
  @Test func normsAndBiasesAreSpared() throws {
    try Pictures.with { pictures in
      let settings = ["epochs": "1", "batch-size": "1000", "lr": "0.01", "weight-decay": "0.5"]
      let all = try trainer(pictures, settings)
      let before = Array(all.parameters.values)
      try all.run()
      let spared = try trainer(
        pictures, settings.merging(["no-decay": "norms-and-biases"]) { $1 })
      try spared.run()
      #expect(all.totalSteps == 1)
      for entry in all.parameters.tensors {
        for i in entry.range {
          let difference = spared.parameters.values[i] - all.parameters.values[i]
          let decay = entry.role == .weight ? 0 : 0.01 * 0.5 * before[i]
          #expect(abs(difference - decay) < 1e-6, "\(entry.name)")
        }
      }
    }
  }

  @Test func aPlateauIsSeenInValidation() throws {
    try Pictures.with { pictures in
      let trainer = try trainer(
        pictures, ["schedule": "reduce-on-plateau:macro-f1:0.5:0", "epochs": "8"])
      let observer = StepObserver()
      try trainer.run(observers: [observer])
      var expected = RateScheduler(
        trainer.configuration.rate, epochs: 8, stepsPerEpoch: trainer.stepsPerEpoch)
      for epoch in 0..<8 {
        let step = epoch * trainer.stepsPerEpoch
        #expect(observer.rates[step] == expected.rate(step: step))
        expected.epochEnded(figure: observer.validations[epoch].macro.f1)
      }
      #expect(Set(observer.rates).count > 1)
    }
  }

  @Test func aPlateauNeedsValidationImages() throws {
    try Pictures.with { pictures in
      let index = try pictures.index()
      _ = try index.makeSplit(.init(name: "bare", val: 0, test: 0.3, seed: 0))
      let configuration = Pictures.configuration {
        $0.optimization.schedule = .reduceOnPlateau(ReduceOnPlateau())
      }
      let bare = try TrainingData(index, split: "bare")
      let error = #expect(throws: BalanceError.self) {
        try pictures.trainer(configuration, on: bare)
      }
      #expect(error?.what.contains("no validation images") == true)
    }
  }

  @Test func theRateIsWhatTheOptimizerUsuallyHas() throws {
    var configuration = TrainingConfiguration()
    try Pictures.with { pictures in
      let data = try pictures.data()
      #expect(try ResolvedConfiguration(configuration, for: data).learningRate == 0.1)
      try configuration.set("optimizer", to: "adamp")
      #expect(configuration.settings["lr"] == "auto")
      let resolved = try ResolvedConfiguration(configuration, for: data)
      #expect(resolved.learningRate == 0.001 && resolved.rate.base == 0.001)
      #expect(resolved.settings["lr"] == "0.001")
      #expect(resolved.settings["optimizer"] == "adamp")
    }
    try configuration.set("lr", to: "0.02")
    #expect(configuration.optimization.learningRate == 0.02)
  }

  @Test(arguments: [
    (["optimizer": "nesterov", "momentum": "0"], "momentum", "above 0"),
    (["optimizer": "adamw", "momentum": "0.8"], "momentum", "as in adamw:0.8"),
    (["schedule": "one-cycle", "warm-up": "5"], "warm-up", "warms up itself"),
    (
      ["schedule": "reduce-on-plateau", "schedule-by": "step"], "schedule-by", "once an epoch"
    ),
    (["warm-up": "31"], "warm-up", "31 epochs of 30"),
  ])
  func whatMakesNoSenseIsRefused(
    settings: [String: String], place: String, words: String
  ) throws {
    var configuration = TrainingConfiguration()
    for (name, text) in settings { try configuration.set(name, to: text) }
    let error = #expect(throws: BalanceError.self) { try configuration.validate() }
    #expect(error?.place == place)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }
}
