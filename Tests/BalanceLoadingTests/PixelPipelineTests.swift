import BalanceCore
import BalanceImages
import BalanceLoading
import BalanceSampling
import Synchronization
import Testing

struct PixelPipelineTests {
  /// Cuts a number of pixels off on every side, and keeps the first channel only.
  private struct Shrink: PixelStage {
    static let form = SpelledForm(
      "shrink", "less MARGIN on every side", .whole("MARGIN", from: 0, example: "1"),
      make: { Shrink(margin: $0) }, take: { $0.margin })
    let margin: Int

    func outputShape(of input: ImageShape) -> ImageShape {
      ImageShape(
        height: input.height - 2 * margin, width: input.width - 2 * margin, channels: 1)
    }

    func scratchSize(for input: ImageShape) -> Int { 3 }

    func apply(
      to source: PixelView, into target: UnsafeMutableBufferPointer<UInt8>,
      scratch: UnsafeMutableRawBufferPointer, generator: inout KeyedGenerator
    ) {
      let (input, output) = (source.shape, outputShape(of: source.shape))
      for y in 0..<output.height {
        for x in 0..<output.width {
          let from = ((y + margin) * input.width + x + margin) * input.channels
          target[y * output.width + x] = source.pixels[from]
        }
      }
    }
  }

  /// Notes where its memory lies.
  private struct Places: PixelStage {
    static let form = SpelledForm(
      "places", "notes where its memory lies", make: { Places() }, take: { _ in () })
    let seen = Seen()

    final class Seen: Hashable, Sendable {
      let places = Mutex<Set<UInt>>([])
      static func == (one: Seen, other: Seen) -> Bool { one === other }
      func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    func scratchSize(for input: ImageShape) -> Int { 100 }

    func apply(
      to source: PixelView, into target: UnsafeMutableBufferPointer<UInt8>,
      scratch: UnsafeMutableRawBufferPointer, generator: inout KeyedGenerator
    ) {
      _ = target.update(fromContentsOf: source.pixels)
      seen.places.withLock {
        $0.insert(UInt(bitPattern: target.baseAddress))
        $0.insert(UInt(bitPattern: scratch.baseAddress))
      }
    }
  }

  private func normalization(_ channels: Int) -> Normalization {
    // A mean of 0 has a bias of −0, which must not tell the two ways apart.
    Normalization(
      mean: Array([0, 0.4, 0.3].prefix(channels)),
      deviation: Array([0.2, 0.25, 0.3].prefix(channels)))
  }

  /// Passes every image on; what is before it is not done in one pass with the normalisation.
  private struct Pass: PixelStage {
    static let form = SpelledForm("pass", "passes images on", is: Pass())
    func apply(
      to source: PixelView, into target: UnsafeMutableBufferPointer<UInt8>,
      scratch: UnsafeMutableRawBufferPointer, generator: inout KeyedGenerator
    ) {
      _ = target.update(fromContentsOf: source.pixels)
    }
  }

  @Test(
    arguments: [
      [PaddedCrop(padding: 2)], [HorizontalFlip()], [PaddedCrop(padding: 2), HorizontalFlip()],
      [PaddedCrop(padding: 50), HorizontalFlip()], [HorizontalFlip(), PaddedCrop(padding: 1)],
      [HorizontalFlip(), PaddedCrop(padding: 3), HorizontalFlip()],
      [PaddedCrop(padding: 1), PaddedCrop(padding: 2), HorizontalFlip()], [],
    ] as [[any PixelStage]])
  func onePassIsTheSameBitForBit(_ stages: [any PixelStage]) {
    for shape in StageConformanceTests.shapes {
      let pixels = noise(
        width: shape.width, height: shape.height, channels: shape.channels, seed: 2, index: 1
      ).pixels
      func pipeline(_ stages: [any PixelStage]) -> PixelPipeline {
        PixelPipeline(
          Augmentation(stages), input: shape, normalization: normalization(shape.channels),
          seed: 12)
      }
      let (one, several) = (pipeline(stages), pipeline(stages + [Pass()]))
      for number in 0..<50 {
        let (fused, separate) = (
          one.draw(pixels, epoch: 3, number: number), several.draw(pixels, epoch: 3, number: number)
        )
        #expect(fused.map(\.bitPattern) == separate.map(\.bitPattern), "\(shape)")
      }
    }
  }

  @Test func stagesMayChangeTheShape() throws {
    let fixture = try Fixture(count: 3)
    let cache = try fixture.cache(width: 9, height: 7)
    let augmentation = Augmentation([Shrink(margin: 1), Shrink(margin: 1), HorizontalFlip()])
    let loader = BatchLoader(
      cache: cache, labels: [0, 1, 2], draws: [2, 0, 1, 1].map { Draw(image: $0, copy: 0) },
      batchSize: 3, augmentation: augmentation, normalization: normalization(1), seed: 3, epoch: 0,
      workers: 1)
    for (number, draw) in loader.rest().enumerated() {
      #expect(draw.pixels.count == 3 * 5)
      let source = Array(cache.pixels(Int(draw.position)))
      let flips = parameters(padding: 0, seed: 3, epoch: 0, draw: number).flips
      for y in 0..<3 {
        for x in 0..<5 {
          let value = source[((y + 2) * 9 + 2 + (flips ? 4 - x : x)) * 3]
          #expect(draw.pixels[y * 5 + x] == Float(value) * Float(1 / (255 * Double(Float(0.2)))))
        }
      }
    }
  }

  /// Two buffers and a scratch, whatever the number of stages and draws.
  @Test(arguments: [0, 1])
  func memoryIsPlannedOnce(_ workers: Int) throws {
    let fixture = try Fixture(count: 3)
    let places = Places()
    let loader = BatchLoader(
      cache: try fixture.cache(), labels: [0, 1, 2],
      draws: (0..<50).map { Draw(image: $0 % 3, copy: 0) }, batchSize: 3,
      augmentation: Augmentation([places, places, places, places]),
      normalization: normalization(3), seed: 3, epoch: 0, workers: workers)
    #expect(loader.rest().count == 50)
    #expect(places.seen.places.withLock { $0.count } == 3)
    #expect(places.seen.places.withLock { $0.allSatisfy { $0 % 64 == 0 } })
  }
}
