import BalanceCore
import BalanceImages
import BalanceLoading
import BalanceNetworks
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

@Suite struct FeatureExtractionTests {
  /// Runs with the backbone of a `cnn` frozen, whose weights are random but its own.
  private func trained(
    _ pictures: Pictures, _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> Trainer {
    let place = pictures.root.deletingLastPathComponent().appendingPathComponent("w.safetensors")
    let network = try ModelCatalog.network(
      "cnn", input: ImageShape(height: 8, width: 8, channels: 1), classes: 3)
    try Parameters(network, seed: 7).save(to: place)
    let configuration = Pictures.configuration {
      $0.tuning.initialWeights = place.path
      $0.tuning.freezing = .backbone
      $0.optimization.learningRate = 0.5
      $0.optimization.weightDecay = 0.01
      change(&$0)
    }
    let trainer = try pictures.trainer(configuration, threads: 2)
    try trainer.run()
    return trainer
  }

  private func head(_ trainer: Trainer) throws -> [Float] {
    try ["fc.weight", "fc.bias"].flatMap { try #require(trainer.parameters.tensor(named: $0)) }
  }

  private func kept(_ pictures: Pictures) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: pictures.root.deletingLastPathComponent().appendingPathComponent("cache/features"),
      includingPropertiesForKeys: nil)
  }

  @Test func predictionsAreThoseOfTheWholeNetwork() throws {
    try Pictures.with { pictures in
      let trainer = try trained(pictures)
      #expect(trainer.notes.contains("the features of 44 images are computed once"))
      let whole = try Evaluator(
        trainer.network, parameters: trainer.parameters, batchSize: 7,
        pool: ComputePool(threads: 2), options: PlanOptions())
      for positions in [trainer.data.dataset.training, trainer.data.dataset.test] {
        let a = try trainer.predict(positions)
        let b = try whole.predict(trainer.data, positions)
        #expect(zip(a.probabilities, b.probabilities).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(a.truth == b.truth && a.images == b.images)
      }
      // It has learned something: predictions are not one for all.
      #expect(Set(try trainer.predict(trainer.data.dataset.training).predicted).count > 1)
    }
  }

  /// On pictures that a flip does not change, augmentation makes no difference but for the way.
  @Test func theWayThroughTheWholeNetworkTrainsTheSameHead() throws {
    try Pictures.with { pictures in
      for (label, (name, count)) in Pictures.counts.enumerated() {
        for index in 0..<count {
          let level = UInt8(60 * label + index + 20)
          let image = PixelImage(
            width: 8, height: 8, channels: 1, pixels: [UInt8](repeating: level, count: 64))
          try PNGEncoder.encode(image).write(
            to: pictures.root.appendingPathComponent("\(name)/\(index).png"))
        }
      }
      let features = try trained(pictures)
      let whole = try trained(pictures) {
        $0.images.augmentation = Augmentation([HorizontalFlip()])
      }
      #expect(
        whole.notes.contains {
          $0.hasPrefix("the features are computed again in every epoch, since augmentation")
        })
      let (a, b) = (try head(features), try head(whole))
      let size = b.reduce(0) { max($0, abs($1)) }
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 * size })
    }
  }

  @Test func featuresAreKeptAndDamageIsSeen() throws {
    try Pictures.with { pictures in
      let first = try head(trained(pictures))
      let files = try kept(pictures)
      try #require(files.count == 1)
      let content = try Data(contentsOf: files[0])
      #expect(content.count == 44 * 128 * 4 + 16)
      // The second run reads what is there, and writes nothing.
      let written = Date(timeIntervalSince1970: 1_000_000)
      try FileManager.default.setAttributes(
        [.modificationDate: written], ofItemAtPath: files[0].path)
      #expect(try head(trained(pictures)) == first)
      let now = try FileManager.default.attributesOfItem(atPath: files[0].path)
      #expect(now[.modificationDate] as? Date == written)
      var damaged = content
      damaged[1000] ^= 0x40
      for bad in [damaged, content.prefix(100), Data()] {
        try bad.write(to: files[0])
        #expect(try head(trained(pictures)) == first)
        #expect(try Data(contentsOf: files[0]) == content)
      }
      // Other batches may have other last bits.
      _ = try trained(pictures) { $0.batchSize = 5 }
      #expect(try kept(pictures).count == 2)
    }
  }
}
