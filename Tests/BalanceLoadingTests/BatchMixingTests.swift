import BalanceCore
import BalanceDatasets
import BalanceLoading
import BalanceSampling
import Testing

/// Mixes every image with the one as far from the end of the batch as it is from the beginning.
private struct Mirror: BatchMixing {
  static let name = "mirror"

  func mix(
    _ images: UnsafeBufferPointer<Float>, shape: ImageShape, into target: MixedBatch,
    generator: inout KeyedGenerator
  ) {
    let count = target.shares.count
    for i in 0..<count {
      let partner = count - 1 - i
      let share = Float(generator.uniform())
      target.partners[i] = Int32(partner)
      target.shares[i] = share
      for k in 0..<shape.count {
        target.pixels[i * shape.count + k] =
          share * images[i * shape.count + k] + (1 - share) * images[partner * shape.count + k]
      }
    }
  }
}

/// One draw of a mixed batch as it came out of a loader.
private struct MixedDraw: Equatable {
  var pixels: [Float]
  var label: Int32
  var partner: Int32
  var share: Float
  var position: Int32
}

struct BatchMixingTests {
  let fixture: Fixture
  let cache: PixelCache
  let draws = (0..<29).map { Draw(image: Int32($0 * 7 % 11), copy: 0) }

  init() throws {
    fixture = try Fixture(count: 11)
    cache = try fixture.cache()
  }

  private func loader(
    _ augmentation: Augmentation, batchSize: Int = 8, seed: UInt64 = 4, epoch: Int = 2,
    workers: Int = 0, firstDraw: Int = 0
  ) -> BatchLoader {
    BatchLoader(
      cache: cache, labels: fixture.records.map(\.label), draws: draws, batchSize: batchSize,
      augmentation: augmentation,
      normalization: Normalization(mean: [0.5, 0.4, 0.3], deviation: [0.2, 0.25, 0.3]), seed: seed,
      epoch: epoch, workers: workers, firstDraw: firstDraw)
  }

  private static let stages: [any PixelStage] = [PaddedCrop(padding: 2), HorizontalFlip()]
  private static let mixed = Augmentation(stages, mixing: Mirror())

  private func rest(_ loader: BatchLoader) throws -> [MixedDraw] {
    var result: [MixedDraw] = []
    while let batch = loader.next() {
      guard case .mixtures(let mixtures) = batch.targets else {
        Issue.record("the batch is not mixed")
        return []
      }
      #expect(mixtures.labels.count == batch.count)
      let size = batch.pixels.count / batch.count
      for i in 0..<batch.count {
        result.append(
          MixedDraw(
            pixels: Array(batch.pixels[i * size..<(i + 1) * size]), label: mixtures.labels[i],
            partner: mixtures.partners[i], share: mixtures.shares[i],
            position: batch.positions[i]))
      }
    }
    return result
  }

  /// The stages keep their numbers, and the labels are those of the two images.
  @Test(arguments: [1, 2, 8, 64])
  func imagesAndTargetsAreMixedAlike(_ batchSize: Int) throws {
    let plain = loader(Augmentation(Self.stages)).rest()
    let mixed = try rest(loader(Self.mixed, batchSize: batchSize))
    #expect(mixed.count == draws.count)
    for (number, draw) in mixed.enumerated() {
      let first = number / batchSize * batchSize
      let partner = first + min(first + batchSize, draws.count) - 1 - number
      #expect(draw.label == plain[number].label && draw.partner == plain[partner].label)
      #expect(draw.position == draws[number].image)
      let expected = zip(plain[number].pixels, plain[partner].pixels)
        .map { draw.share * $0 + (1 - draw.share) * $1 }
      #expect(draw.pixels == expected)
    }
    #expect(Set(mixed.map(\.share)).count == draws.count)
  }

  @Test(arguments: [0, 1, 2, 5])
  func workersAndResumptionChangeNothing(_ workers: Int) throws {
    let reference = try rest(loader(Self.mixed))
    #expect(try rest(loader(Self.mixed, workers: workers)) == reference)
    for firstDraw in [8, 16, 24] {
      #expect(
        try rest(loader(Self.mixed, workers: workers, firstDraw: firstDraw))
          == Array(reference[firstDraw...]))
    }
    #expect(try rest(loader(Self.mixed, seed: 5)).map(\.share) != reference.map(\.share))
    #expect(try rest(loader(Self.mixed, epoch: 3)).map(\.share) != reference.map(\.share))
  }

  @Test func anAugmentationSaysThatItMixes() {
    #expect(Self.mixed.description == "crop:2,flip,mirror")
    #expect(Augmentation(mixing: Mirror()).description == "mirror")
    #expect(
      Set([Self.mixed, Augmentation(Self.stages), Augmentation(mixing: Mirror())]).count == 3)
  }
}
