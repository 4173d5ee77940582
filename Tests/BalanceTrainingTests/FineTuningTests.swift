import BalanceCore
import BalanceLoading
import BalanceNetworks
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

@Suite struct FineTuningTests {
  /// Weights of a `cnn` for so many classes, with running statistics that are not the initial ones.
  private func weights(_ pictures: Pictures, classes: Int = 3, channels: Int = 1) throws
    -> (Parameters, String)
  {
    let network = try ModelCatalog.network(
      "cnn", input: ImageShape(height: 8, width: 8, channels: channels), classes: classes)
    let parameters = try Parameters(network, seed: 99)
    for index in parameters.bufferValues.indices { parameters.bufferValues[index] += 0.125 }
    let place = pictures.root.deletingLastPathComponent()
      .appendingPathComponent("weights-\(classes)-\(channels).safetensors")
    try parameters.save(to: place)
    return (parameters, place.path)
  }

  private func trainer(
    _ pictures: Pictures, _ change: (inout TrainingConfiguration) -> Void
  ) throws -> Trainer {
    let configuration = Pictures.configuration(change)
    return try pictures.trainer(configuration, threads: 2)
  }

  /// The names of the tensors that are not bit by bit those of `before`.
  private func changed(_ now: Parameters, from before: Parameters) -> Set<String> {
    let names = (now.tensors + now.buffers).map(\.name)
    return Set(
      names.filter { name in
        guard let a = now.tensor(named: name), let b = before.tensor(named: name) else {
          return true
        }
        return !a.elementsEqual(b)
      })
  }

  @Test(arguments: [
    ("none", ["conv1", "bn1", "conv2", "bn2", "conv3", "bn3", "fc"]),
    ("stem", ["conv2", "bn2", "conv3", "bn3", "fc"]), ("stage1", ["conv3", "bn3", "fc"]),
    ("stage2", ["fc"]), ("backbone", ["fc"]),
  ])
  func frozenLayersKeepTheirWeights(part: String, trained: [String]) throws {
    try Pictures.with { pictures in
      let (before, path) = try weights(pictures)
      let trainer = try trainer(pictures) {
        $0.tuning.initialWeights = path
        $0.tuning.freezing = (try? Freezing(parsing: part)) ?? .none
        $0.optimization.weightDecay = 0.1
        // Augmented, so that the features are not computed once only.
        $0.images.augmentation = Augmentation([PaddedCrop(padding: 1), HorizontalFlip()])
      }
      try trainer.run()
      let changed = changed(trainer.parameters, from: before)
      #expect(Set(changed.map { String($0.prefix { $0 != "." }) }) == Set(trained))
      #expect(trainer.notes.contains { $0.contains("the head keeps its weights") })
      #expect(trainer.notes.contains { $0.contains("parameters are trained") } == (part != "none"))
    }
  }

  @Test func frozenBatchNormsKeepTheirStatistics() throws {
    try Pictures.with { pictures in
      let (before, path) = try weights(pictures)
      let trainer = try trainer(pictures) {
        $0.tuning.initialWeights = path
        $0.tuning.freezesBatchNorm = true
      }
      try trainer.run()
      let changed = changed(trainer.parameters, from: before)
      #expect(!changed.contains { $0.hasPrefix("bn") })
      #expect(changed.contains("conv1.weight") && changed.contains("fc.weight"))
    }
  }

  @Test func headIsMadeAnewForOtherClasses() throws {
    try Pictures.with { pictures in
      let (before, path) = try weights(pictures, classes: 5)
      let trainer = try trainer(pictures) {
        $0.tuning.initialWeights = path
        $0.seed = 4
      }
      #expect(changed(trainer.parameters, from: before) == ["fc.weight", "fc.bias"])
      let fresh = try Parameters(trainer.network, seed: 4)
      let head = try #require(trainer.parameters.tensor(named: "fc.weight"))
      #expect(try head.elementsEqual(#require(fresh.tensor(named: "fc.weight"))))
      #expect(
        trainer.notes.contains {
          $0.contains("the head is new: the weights know 5 classes, the dataset has 3")
        })
    }
  }

  @Test func otherShapesAreNamed() throws {
    try Pictures.with { pictures in
      let (_, path) = try weights(pictures, channels: 3)
      let error = try #require(throws: BalanceError.self) {
        try trainer(pictures) { $0.tuning.initialWeights = path }
      }
      #expect(error.what.contains("conv1.weight"))
      #expect(error.what.contains("[32, 3, 3, 3]") && error.what.contains("[32, 1, 3, 3]"))
    }
  }

  @Test func aRunsFolderIsAsGoodAsItsWeights() throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration()
      let run = try pictures.training(configuration).run(
        into: RunFolderWriter(at: pictures.run("first")), pool: ComputePool(threads: 1),
        observers: [])
      let trained = try Parameters(run.model().network, seed: 0)
      try trained.load(from: run.location(.weights))
      let next = try trainer(pictures) { $0.tuning.initialWeights = run.url.path }
      #expect(changed(next.parameters, from: trained).isEmpty)
      // The record tells the weights apart, not only their place.
      let tuned = Pictures.configuration { $0.tuning.initialWeights = run.url.path }
      let folder = try pictures.training(tuned).run(
        into: RunFolderWriter(at: pictures.run("second")), pool: ComputePool(threads: 1),
        observers: [])
      let record = try folder.record()
      #expect(record.settings["init"] == run.url.path)
      #expect(record.settings["init weights"]?.count == 32)
      #expect(record.notes?.count == 1)
    }
  }

  private final class Snapshots: TrainingObserver {
    let trainer: Trainer
    let name: String
    var values: [[Float]] = []
    init(_ trainer: Trainer, _ name: String) {
      self.trainer = trainer
      self.name = name
    }
    func observe(_ event: TrainingEvent) {
      if case .epochEnded = event, let tensor = trainer.parameters.tensor(named: name) {
        values.append(Array(tensor))
      }
    }
  }

  @Test(arguments: [false, true])
  func unfreezingBeginsWithItsEpoch(augmented: Bool) throws {
    try Pictures.with { pictures in
      let (before, path) = try weights(pictures)
      let trainer = try trainer(pictures) {
        $0.tuning.initialWeights = path
        $0.tuning.freezing = .backbone
        $0.tuning.unfreezeAt = 3
        if augmented { $0.images.augmentation = Augmentation([HorizontalFlip()]) }
      }
      let first = Snapshots(trainer, "conv1.weight")
      let last = Snapshots(trainer, "fc.weight")
      try trainer.run(observers: [first, last])
      let start = Array(try #require(before.tensor(named: "conv1.weight")))
      #expect(first.values[0] == start && first.values[1] == start)
      #expect(first.values[2] != start && first.values[3] != first.values[2])
      #expect(Set(last.values).count == 4)
      #expect(trainer.notes.contains { $0.contains("from epoch 3 on") })
    }
  }

  @Test func ratesAreMultiplied() throws {
    try Pictures.with { pictures in
      let (before, path) = try weights(pictures)
      func moved(_ name: String, head: Double, backbone: Double) throws -> [Float] {
        let trainer = try trainer(pictures) {
          $0.tuning.initialWeights = path
          $0.epochs = 1
          $0.batchSize = 64
          $0.tuning.headRate = head
          $0.tuning.backboneRate = backbone
        }
        try trainer.run()
        return zip(
          try #require(trainer.parameters.tensor(named: name)),
          try #require(before.tensor(named: name))
        ).map { $0 - $1 }
      }
      for (name, factor) in [("fc.weight", Float(3)), ("conv2.weight", 0.5)] {
        let plain = try moved(name, head: 1, backbone: 1)
        let scaled = try moved(name, head: 3, backbone: 0.5)
        let size = plain.reduce(0) { max($0, abs($1)) }
        #expect(size > 0)
        #expect(zip(scaled, plain).allSatisfy { abs($0 - factor * $1) < 1e-3 * size })
      }
    }
  }

  @Test(arguments: [
    (["freeze": "backbone"], "would freeze weights that nothing has trained"),
    (["new-head": "true"], "without trained weights every layer is new"),
    (["freeze-batch-norm": "true"], "would freeze statistics that nothing has measured"),
    (["init": "w", "unfreeze-at": "3"], "there is nothing to unfreeze"),
    (["init": "w", "freeze": "stem", "unfreeze-at": "9"], "epoch 9 of 4 never comes"),
    (
      ["init": "w", "freeze": "backbone", "backbone-rate": "0.1"],
      "the backbone is frozen for the whole run"
    ),
  ])
  func nonsenseIsRefused(settings: [String: String], words: String) throws {
    var configuration = Pictures.configuration()
    for (name, text) in settings { try configuration.set(name, to: text) }
    let error = try #require(throws: BalanceError.self) { try configuration.validate() }
    #expect(error.code == .usage && error.what.contains(words) && error.place != nil)
  }

  @Test func aStageThatIsNotThereIsNamed() throws {
    try Pictures.with { pictures in
      let (_, path) = try weights(pictures)
      let error = try #require(throws: BalanceError.self) {
        try trainer(pictures) {
          $0.tuning.initialWeights = path
          $0.tuning.freezing = .stage(3)
        }
      }
      #expect(error.what == "cnn has no stage 3: it has 2")
    }
  }

  @Test func stagesThatANetworkHasNotAreNotOffered() throws {
    let network = try ModelCatalog.network(
      "layers: conv 4, global-average, linear",
      input: ImageShape(height: 8, width: 8, channels: 1), classes: 3)
    try #require(network.stageCount == 0)
    let error = #expect(throws: BalanceError.self) { try Freezing.stage(1).nodes(of: network) }
    #expect(error?.remedy == "freeze stem or backbone")
  }
}
