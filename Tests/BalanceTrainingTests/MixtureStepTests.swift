import BalanceCore
import BalanceLoading
import BalanceNetworks
import BalanceObjectives
import BalanceTensors
import BalanceTraining
import Testing

/// Mixes each image, a quarter of it, with the next one of the batch; the targets have their own
/// share, so that the same pixels can be trained on with the labels of either.
private struct Blend: BatchMixing {
  static let name = "blend"
  let share: Float

  func mix(
    _ images: UnsafeBufferPointer<Float>, shape: ImageShape, into target: MixedBatch,
    generator: inout KeyedGenerator
  ) {
    let count = target.shares.count
    for i in 0..<count {
      let partner = (i + 1) % count
      target.partners[i] = Int32(partner)
      target.shares[i] = share
      for k in 0..<shape.count {
        target.pixels[i * shape.count + k] =
          0.25 * images[i * shape.count + k] + 0.75 * images[partner * shape.count + k]
      }
    }
  }

  var description: String { "\(Self.name):\(share)" }
}

@Suite struct MixtureStepTests {
  /// The loss and the gradients of an epoch's last step, and the weights after it.
  private func step(_ pictures: Pictures, _ mixing: Blend?, _ settings: [String: String] = [:])
    throws -> (loss: Double, gradients: [Float], weights: [Float])
  {
    var configuration = Pictures.configuration {
      $0.images.augmentation = Augmentation([HorizontalFlip()], mixing: mixing)
      $0.epochs = 1
      $0.batchSize = 1000
    }
    for (name, text) in settings { try configuration.set(name, to: text) }
    let trainer = try pictures.trainer(configuration, threads: 2)
    let history = TrainingHistory()
    try trainer.run(observers: [history])
    return (
      history.rows[0].trainingLoss, Array(trainer.parameters.gradients),
      Array(trainer.parameters.values)
    )
  }

  /// λ of the step with the labels of one image and 1 − λ of that with the other's: cross-entropy
  /// is linear in its targets.
  @Test func aStepOnMixturesIsTheMixtureOfSteps() throws {
    try Pictures.with { pictures in
      let a = try step(pictures, Blend(share: 1))
      let b = try step(pictures, Blend(share: 0))
      var largest: Float = 0
      for share: Float in [0.25, 0.5, 0.875] {
        let mixed = try step(pictures, Blend(share: share))
        let (x, y) = (Double(share), 1 - Double(share))
        #expect(abs(mixed.loss - (x * a.loss + y * b.loss)) < 1e-12)
        for (m, (a, b)) in zip(mixed.gradients, zip(a.gradients, b.gradients)) {
          #expect(abs(m - (share * a + (1 - share) * b)) < 1e-5)
          largest = max(largest, abs(a - b))
        }
        // Plain SGD from the same weights is linear in the gradient.
        for (m, (a, b)) in zip(mixed.weights, zip(a.weights, b.weights)) {
          #expect(abs(m - (share * a + (1 - share) * b)) < 1e-6)
        }
      }
      #expect(largest > 1e-2)
      #expect(try step(pictures, nil).gradients != a.gradients)
    }
  }

  /// Batches of mixtures weigh as much as their shares of the weighted classes do.
  @Test func weightedMixturesAreAccumulated() throws {
    try Pictures.with { pictures in
      for loss in ["cross-entropy", "focal:2", "label-smoothing"] {
        let settings = [
          "loss": loss, "class-weights": "custom:0,1,3", "batch-size": "7", "accumulate": "3",
        ]
        let mixed = try step(pictures, Blend(share: 0.25), settings)
        #expect(mixed.loss.isFinite && mixed.gradients.allSatisfy(\.isFinite))
        #expect(try step(pictures, Blend(share: 0.75), settings).loss != mixed.loss)
      }
    }
  }
}
