import BalanceCore
import BalanceDatasets
import BalanceImages
import BalanceLoading
import BalanceSampling
import Foundation
import Testing

struct BatchLoaderTests {
  static let augmentation = Augmentation([PaddedCrop(padding: 3), HorizontalFlip()])
  static let normalization = Normalization(mean: [0.5, 0.4, 0.3], deviation: [0.2, 0.25, 0.3])

  let fixture: Fixture
  let cache: PixelCache
  let draws: [Draw]

  init() throws {
    fixture = try Fixture(count: 11)
    cache = try fixture.cache(width: 8, height: 7)
    var generator = KeyedGenerator(seed: 1, .test, 2)
    draws = (0..<103).map { _ in Draw(image: Int32(generator.below(11)), copy: 0) }
  }

  func loader(
    batchSize: Int = 16, workers: Int = 1, augmentation: Augmentation = augmentation,
    seed: UInt64 = 4, epoch: Int = 2, firstDraw: Int = 0, draws: [Draw]? = nil
  ) -> BatchLoader {
    BatchLoader(
      cache: cache, labels: fixture.records.map(\.label), draws: draws ?? self.draws,
      batchSize: batchSize, augmentation: augmentation, normalization: Self.normalization,
      seed: seed, epoch: epoch, workers: workers, firstDraw: firstDraw)
  }

  @Test(arguments: [0, 1, 2, 3, 8], [1, 7, 16, 103, 200])
  func workersAndBatchSizeChangeNothing(_ workers: Int, _ batchSize: Int) {
    let reference = loader(workers: 0).rest()
    #expect(reference.count == 103)
    #expect(loader(batchSize: batchSize, workers: workers).rest() == reference)
  }

  @Test(arguments: [0, 1, 2])
  func batchesAreInOrderAndTheLastIsShort(_ workers: Int) throws {
    let loader = loader(workers: workers)
    #expect(loader.batchCount == 7)
    for start in stride(from: 0, to: 103, by: 16) {
      let batch = try #require(loader.next())
      let part = draws[start..<min(start + 16, 103)]
      #expect(batch.count == part.count)
      #expect(batch.firstDraw == start)
      #expect(batch.pixels.count == part.count * cache.imageSize)
      #expect(Array(batch.positions) == part.map(\.image))
      #expect(batch.labels == part.map { Int32(fixture.records[Int($0.image)].label) })
    }
    #expect(loader.next() == nil)
    #expect(loader.next() == nil)
  }

  @Test(arguments: [0, 1, 16, 48, 96, 102, 103])
  func aResumedEpochIsTheRestOfTheWhole(_ firstDraw: Int) {
    let whole = loader(workers: 0).rest()
    #expect(loader(workers: 2, firstDraw: firstDraw).rest() == Array(whole[firstDraw...]))
  }

  @Test func seedsAndEpochsDiffer() {
    let reference = loader().rest()
    #expect(loader(seed: 5).rest() != reference)
    #expect(loader(epoch: 3).rest() != reference)
    #expect(loader(augmentation: .none).rest() != reference)
    // Without augmentation there is nothing random.
    #expect(
      loader(augmentation: .none, seed: 5, epoch: 9).rest() == loader(augmentation: .none).rest())
  }

  @Test(arguments: [(1, 1, 1), (5, 4, 3), (8, 7, 1), (8, 7, 3), (33, 2, 3)], [0, 1, 4, 40])
  func everyDrawEqualsTheNaiveReference(_ shape: (Int, Int, Int), _ padding: Int) throws {
    let (width, height, channels) = shape
    let images = (0..<3).map {
      noise(width: width, height: height, channels: channels, seed: 8, index: $0)
    }
    let fixture = try Fixture(images: images)
    let cache = try fixture.cache(width: width, height: height, channels: channels)
    let augmentation = Augmentation(
      (padding > 0 ? [PaddedCrop(padding: padding)] : []) + [HorizontalFlip()])
    let normalization = Normalization(
      mean: Array([0.5, 0.4, 0.3].prefix(channels)),
      deviation: Array([0.2, 0.25, 0.3].prefix(channels)))
    let draws = (0..<60).map { Draw(image: Int32($0 % 3), copy: Int32($0 / 3)) }
    let loaded = BatchLoader(
      cache: cache, labels: [2, 1, 0], draws: draws, batchSize: 8, augmentation: augmentation,
      normalization: normalization, seed: 11, epoch: 5, workers: 1
    ).rest()
    for (number, draw) in loaded.enumerated() {
      let parameters = parameters(padding: padding, seed: 11, epoch: 5, draw: number)
      let expected = naive(images[number % 3], parameters, normalization)
      #expect(draw.pixels.count == expected.count)
      let worst = zip(draw.pixels, expected).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(worst < 4 * 6 * 0x1p-24, "draw \(number)")
    }
  }

  /// Pixel by pixel, in double precision.
  func naive(
    _ image: PixelImage, _ parameters: (dy: Int, dx: Int, flips: Bool),
    _ normalization: Normalization
  ) -> [Double] {
    var result: [Double] = []
    for y in 0..<image.height {
      for x in 0..<image.width {
        let row = y + parameters.dy
        let column = (parameters.flips ? image.width - 1 - x : x) + parameters.dx
        for c in 0..<image.channels {
          let inside = (0..<image.height).contains(row) && (0..<image.width).contains(column)
          let value =
            inside ? image.pixels[(row * image.width + column) * image.channels + c] : 0
          result.append(
            (Double(value) / 255 - Double(normalization.mean[c]))
              / Double(normalization.deviation[c]))
        }
      }
    }
    return result
  }

  @Test(arguments: [0, 1, 3])
  func memoryIsUsedAgain(_ workers: Int) {
    let loader = loader(batchSize: 2, workers: workers)
    var places: Set<UInt> = []
    while let batch = loader.next() {
      places.insert(UInt(bitPattern: batch.pixels.baseAddress))
    }
    #expect(places.count == workers + 1)
  }

  @Test func aLoaderMayBeLeftAtAnyMoment() {
    for taken in 0..<5 {
      let loader = loader(batchSize: 4, workers: 3)
      for _ in 0..<taken { _ = loader.next() }
    }
  }

  @Test(arguments: [0, 2])
  func noDrawsAreNoBatches(_ workers: Int) {
    #expect(loader(workers: workers, draws: []).next() == nil)
  }
}
