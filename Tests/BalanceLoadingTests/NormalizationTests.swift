import BalanceCore
import BalanceDatasets
import BalanceImages
import BalanceLoading
import BalanceSampling
import Foundation
import Testing

/// Against what `tools/goldens/normalization.py` printed.
struct NormalizationTests {
  struct Golden: Decodable {
    struct Cropped: Decodable {
      let image: Int
      let dy: Int
      let dx: Int
      let flip: Bool
      let values: [Double]
    }
    let images: Int
    let height: Int
    let width: Int
    let channels: Int
    let training: [Int]
    let mean: [Double]
    let deviation: [Double]
    let cropped: Cropped
  }

  let golden: Golden
  let fixture: Fixture
  let cache: PixelCache

  init() throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Goldens/normalization.json")
    let golden = try CanonicalJSON.decode(Golden.self, from: Data(contentsOf: url))
    fixture = try Fixture(
      images: (0..<golden.images).map { n in
        var pixels: [UInt8] = []
        for y in 0..<golden.height {
          for x in 0..<golden.width {
            for c in 0..<golden.channels {
              let value = n * 53 + y * 29 + x * 17 + c * 101 + x * y * (c + 1)
              pixels.append(UInt8(value % 251))
            }
          }
        }
        return PixelImage(
          width: golden.width, height: golden.height, channels: golden.channels, pixels: pixels)
      })
    cache = try fixture.cache(width: golden.width, height: golden.height)
    self.golden = golden
  }

  @Test func meanAndDeviationAreNumpys() throws {
    let measured = try Normalization.measure(cache, positions: golden.training)
    for channel in 0..<golden.channels {
      // Half an ulp of a Float in 0...1.
      #expect(abs(Double(measured.mean[channel]) - golden.mean[channel]) <= 0x1p-25)
      #expect(abs(Double(measured.deviation[channel]) - golden.deviation[channel]) <= 0x1p-25)
    }
  }

  @Test func aCroppedFlippedImageIsNumpys() throws {
    let normalization = try Normalization.measure(cache, positions: golden.training)
    // Draws until the augmentation is the golden's.
    let augmentation = Augmentation([PaddedCrop(padding: 4), HorizontalFlip()])
    let wanted = (golden.cropped.dy, golden.cropped.dx, golden.cropped.flip)
    let number = try #require(
      (0..<10_000).first { parameters(padding: 4, seed: 0, epoch: 0, draw: $0) == wanted })
    let draws = [Draw](
      repeating: Draw(image: Int32(golden.cropped.image), copy: 0), count: number + 1)
    let loader = BatchLoader(
      cache: cache, labels: [0, 1, 2, 3, 4], draws: draws, batchSize: 1,
      augmentation: augmentation, normalization: normalization, seed: 0, epoch: 0, workers: 1,
      firstDraw: number)
    let batch = try #require(loader.next())
    #expect(batch.pixels.count == golden.cropped.values.count)
    for (value, expected) in zip(batch.pixels, golden.cropped.values) {
      // Values up to 4 with mean, deviation, scale, bias, product and sum rounded once each.
      #expect(abs(Double(value) - expected) < 4 * 6 * 0x1p-24)
    }
  }

  /// What `predict` makes of a picture has the bits of a batch.
  @Test(arguments: [1, 3])
  func anImageHasTheBitsOfABatch(_ channels: Int) throws {
    let images = (0..<5).map { noise(width: 9, height: 7, channels: channels, seed: 3, index: $0) }
    let fixture = try Fixture(images: images)
    let cache = try fixture.cache(width: 9, height: 7, channels: channels)
    let normalization = try Normalization.measure(cache, positions: 0..<5)
    let loader = BatchLoader(
      cache: cache, labels: [0, 1, 2, 0, 1],
      draws: (0..<5).map { Draw(image: Int32($0), copy: 0) }, batchSize: 5, augmentation: .none,
      normalization: normalization, seed: 0, epoch: 0, workers: 0)
    let batch = try #require(loader.next())
    let normalizer = PixelNormalizer(normalization, height: 7, width: 9, channels: channels)
    var values = [Float](repeating: .nan, count: cache.imageSize)
    for (position, image) in images.enumerated() {
      values.withUnsafeMutableBufferPointer { normalizer.normalize(image, into: $0) }
      #expect(
        values.elementsEqual(batch.pixels.dropFirst(position * values.count).prefix(values.count)))
    }
  }

  @Test func aChannelThatNeverVariesBecomesZero() throws {
    let flat = PixelImage(
      width: 4, height: 4, channels: 3, pixels: [UInt8](repeating: 77, count: 48))
    let fixture = try Fixture(images: [flat])
    let cache = try fixture.cache(width: 4, height: 4)
    let normalization = try Normalization.measure(cache, positions: [0])
    #expect(normalization.deviation == [1, 1, 1])
    let loader = BatchLoader(
      cache: cache, labels: [0], draws: [Draw(image: 0, copy: 0)], batchSize: 1,
      augmentation: .none, normalization: normalization, seed: 0, epoch: 0, workers: 0)
    let batch = try #require(loader.next())
    #expect(batch.pixels.allSatisfy { abs($0) < 1e-7 })
  }

  @Test func noImagesCannotBeMeasured() {
    let error = #expect(throws: BalanceError.self) {
      try Normalization.measure(cache, positions: [])
    }
    #expect(error?.code == .data)
  }

  @Test func manyImagesAreSummedExactly() throws {
    // 3 images of 300×300 white pixels: sums of squares beyond 32 bits.
    let white = PixelImage(
      width: 300, height: 300, channels: 3, pixels: [UInt8](repeating: 255, count: 270_000))
    let black = PixelImage(
      width: 300, height: 300, channels: 3, pixels: [UInt8](repeating: 0, count: 270_000))
    let fixture = try Fixture(images: [white, black])
    let cache = try fixture.cache(width: 300, height: 300)
    let measured = try Normalization.measure(cache, positions: [0, 0, 0, 1])
    #expect(measured.mean == [0.75, 0.75, 0.75])
    #expect(measured.deviation.allSatisfy { abs($0 - Float(0.1875.squareRoot())) < 1e-7 })
  }
}
