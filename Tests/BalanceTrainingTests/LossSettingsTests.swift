import BalanceCore
import BalanceNetworks
import BalanceObjectives
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

@Suite struct LossSettingsTests {
  private final class Notes: TrainingObserver {
    /// The number of epochs that had begun when a note came, and the note.
    var notes: [(epochs: Int, text: String)] = []
    private var epochs = 0

    func observe(_ event: TrainingEvent) {
      if case .epochBegan = event { epochs += 1 }
      if case .note(let text) = event { notes.append((epochs, text)) }
    }
  }

  private func trainer(
    _ pictures: Pictures, _ settings: [String: String]
  ) throws -> Trainer {
    var configuration = Pictures.configuration()
    for (name, text) in settings { try configuration.set(name, to: text) }
    return try pictures.trainer(configuration)
  }

  @Test func deferredWeightsHoldFromTheirEpochOn() throws {
    try Pictures.with { pictures in
      func losses(_ settings: [String: String]) throws -> ([Double], Trainer, Notes) {
        let trainer = try trainer(pictures, settings)
        let (history, notes) = (TrainingHistory(), Notes())
        try trainer.run(observers: [history, notes])
        return (history.rows.map(\.trainingLoss), trainer, notes)
      }
      let (plain, _, _) = try losses([:])
      let (weighted, _, _) = try losses(["class-weights": "inverse-frequency"])
      let (deferred, run, notes) = try losses(
        ["class-weights": "inverse-frequency", "defer-weights": "3"])
      #expect(deferred[..<2] == plain[..<2])
      #expect(deferred[2] != plain[2] && weighted[0] != plain[0])
      let note = "from epoch 3 on, the classes are weighted: inverse-frequency"
      #expect(notes.notes.map(\.epochs) == [2] && notes.notes.map(\.text) == [note])
      #expect(run.notes == [note])
      #expect(run.lossFingerprint.hasPrefix("before epoch 3: cross-entropy"))
      #expect(run.objective.fingerprint.contains("w=["))
    }
  }

  @Test(arguments: [
    "ldam", "balanced-softmax", "vector-scaling", "class-balanced-focal", "label-aware-smoothing",
  ])
  func brightnessIsLearned(loss: String) throws {
    try Pictures.with { pictures in
      let trainer = try trainer(pictures, ["loss": loss, "epochs": "20"])
      #expect(trainer.network.hasCosineHead == (loss == "ldam"))
      let history = TrainingHistory()
      try trainer.run(observers: [history])
      let losses = history.rows.map(\.trainingLoss)
      #expect(losses[19] < 0.8 * losses[0], "\(losses)")
    }
  }

  /// A head of cosines cannot take over a linear layer's weights, nor the other way round.
  @Test func theHeadIsMadeAnewForAnotherKind() throws {
    try Pictures.with { pictures in
      let place = pictures.root.deletingLastPathComponent()
      func path(_ loss: String) throws -> String {
        let trainer = try trainer(pictures, ["loss": loss])
        let path = place.appendingPathComponent("\(loss).safetensors")
        try trainer.parameters.save(to: path)
        return path.path
      }
      for (from, to) in [("cross-entropy", "ldam"), ("ldam", "focal"), ("ldam", "ldam:0.3:10")] {
        let source = try path(from)
        let trainer = try trainer(pictures, ["loss": to, "init": source])
        let isKept = trainer.notes.contains { $0.hasSuffix("the head keeps its weights") }
        #expect(isKept == (from == "ldam" && to != "focal"), "\(trainer.notes)")
        #expect(trainer.network.hasCosineHead == (to != "focal"))
      }
    }
  }

  /// Classifier re-training: the backbone's weights, a head from the seed.
  @Test func theHeadIsMadeAnewWhenAskedFor() throws {
    try Pictures.with { pictures in
      let first = try trainer(pictures, ["seed": "1"])
      try first.run()
      let path = pictures.root.deletingLastPathComponent().appendingPathComponent("w.safetensors")
      try first.parameters.save(to: path)
      let settings = [
        "init": path.path, "new-head": "true", "freeze": "backbone", "strategy": "weighted",
      ]
      let second = try trainer(pictures, settings)
      #expect(second.notes.contains { $0.hasSuffix("the head is new: as asked for") })
      let fresh = try trainer(pictures, [:])
      func values(_ trainer: Trainer, _ name: String) throws -> [Float] {
        Array(try #require(trainer.parameters.tensor(named: name)))
      }
      #expect(try values(second, "fc.weight") == values(fresh, "fc.weight"))
      #expect(try values(second, "conv2.weight") == values(first, "conv2.weight"))
      try second.run()
      #expect(try values(second, "fc.weight") != values(fresh, "fc.weight"))
      #expect(try values(second, "conv2.weight") == values(first, "conv2.weight"))
    }
  }

  @Test(arguments: [
    (["loss": "balanced-softmax", "strategy": "oversample"], "strategy", "twice"),
    (["loss": "logit-adjusted", "class-weights": "inverse-frequency"], "class-weights", "twice"),
    (
      ["loss": "class-balanced-focal", "class-weights": "1,2,3"], "class-weights",
      "brings its own class weights"
    ),
    (["defer-weights": "2"], "defer-weights", "there are no class weights to defer"),
    (
      ["class-weights": "inverse-frequency", "defer-weights": "9"], "defer-weights",
      "epoch 9 of 4 never comes"
    ),
  ])
  func nonsenseIsRefused(settings: [String: String], place: String, words: String) throws {
    var configuration = Pictures.configuration()
    for (name, text) in settings { try configuration.set(name, to: text) }
    let error = try #require(throws: BalanceError.self) { try configuration.validate() }
    #expect(error.code == .usage && error.place == place && error.what.contains(words))
  }

  @Test(arguments: [
    "cross-entropy", "focal:1.0+inverse-frequency", "ldam+effective-number:0.9999@161",
  ])
  func namesOfLossesReadBack(name: String) throws {
    var configuration = TrainingConfiguration()
    configuration.remedy.weightsFrom = 7
    try configuration.setLoss(name)
    #expect(configuration.remedy.spelled.lossName == name)
  }

  @Test func modelsThatCannotEndWithCosinesAreNamed() throws {
    let network = try ModelCatalog.network(
      "layers: conv 4, global-average, cosine 12",
      input: ImageShape(height: 8, width: 8, channels: 1), classes: 3)
    #expect(try network.withCosineHead(scale: 12) == network)
    let error = #expect(throws: BalanceError.self) { try network.withCosineHead(scale: 30) }
    #expect(
      error?.what.contains("ends with cosines times 12.0, the loss expects times 30.0") == true)
  }
}
