import BalanceCore

/// A mixing with the seed of its own numbers.
struct KeyedMixing: Sendable {
  let stage: any BatchMixing
  let seed: UInt64

  /// Nil where an augmentation mixes nothing.
  ///
  /// - Parameter seed: of the run.
  init?(_ augmentation: Augmentation, seed: UInt64) {
    guard let mixing = augmentation.mixing else { return nil }
    let name = type(of: mixing).name
    stage = mixing
    // Not what a stage of the same name has.
    self.seed = KeyedGenerator.seed(
      seed, for: name, occurrence: augmentation.stages.count { type(of: $0).name == name })
  }
}

extension BatchAssembler {
  /// Mixes the images of a batch into its slot.
  ///
  /// - Parameter images: as the pipeline has made them.
  func mix(
    _ images: UnsafeBufferPointer<Float>, by mixing: KeyedMixing, batch: Int, into slot: BatchSlot
  ) {
    let numbers = draws(of: batch)
    let target = MixedBatch(
      pixels: UnsafeMutableBufferPointer(rebasing: slot.pixels[..<images.count]),
      partners: UnsafeMutableBufferPointer(rebasing: slot.partners[..<numbers.count]),
      shares: UnsafeMutableBufferPointer(rebasing: slot.shares[..<numbers.count]))
    var generator = KeyedGenerator(seed: mixing.seed, .augmentation, epoch, numbers.lowerBound)
    mixing.stage.mix(images, shape: pipeline.output, into: target, generator: &generator)
    for (index, partner) in target.partners.enumerated() {
      precondition(
        (0..<numbers.count).contains(Int(partner)),
        "\(mixing.stage) mixes with image \(partner) of \(numbers.count)")
      slot.partnerLabels[index] = slot.labels[Int(partner)]
    }
  }
}
