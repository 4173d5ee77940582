import BalanceCore
import BalanceDatasets
import BalanceImages
import BalanceLoading
import BalanceSampling
import Synchronization
import Testing

/// What every pixel stage promises. A new stage is tested by adding it to `stages`.
struct StageConformanceTests {
  static let stages: [any PixelStage] = [
    PaddedCrop(padding: 1), PaddedCrop(padding: 40), HorizontalFlip(),
    Rotation(degrees: 15), Rotation(degrees: 180),
  ]

  static let shapes = [(1, 1), (1, 2), (2, 1), (3, 5), (9, 7), (16, 16), (1, 33)].flatMap { size in
    [1, 3].map { ImageShape(height: size.0, width: size.1, channels: $0) }
  }

  /// Noise without the value of the guards.
  private func image(_ shape: ImageShape) -> [UInt8] {
    noise(width: shape.width, height: shape.height, channels: shape.channels, seed: 6, index: 0)
      .pixels.map { max($0, 1) }
  }

  private func generator(
    _ name: String, seed: UInt64 = 3, epoch: Int = 1, draw: Int, occurrence: Int = 0
  ) -> KeyedGenerator {
    KeyedGenerator(
      seed: KeyedGenerator.seed(seed, for: name, occurrence: occurrence), .augmentation, epoch,
      draw)
  }

  /// Applies a stage between guards, in memory that is full of `filling`.
  private func apply(
    _ stage: any PixelStage, to image: [UInt8], _ shape: ImageShape,
    _ generator: KeyedGenerator, filling: UInt8 = 0
  ) -> [UInt8] {
    let guarded = 64
    var generator = generator
    func memory(_ count: Int) -> UnsafeMutableRawBufferPointer {
      let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: count + 2 * guarded, alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: 0xA5)
      for i in guarded..<guarded + count { memory[i] = filling }
      return memory
    }
    func isIntact(_ memory: UnsafeMutableRawBufferPointer) -> Bool {
      memory.prefix(guarded).allSatisfy { $0 == 0xA5 }
        && memory.suffix(guarded).allSatisfy { $0 == 0xA5 }
    }
    func inside(_ memory: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(rebasing: memory[guarded..<memory.count - guarded])
    }
    let target = memory(stage.outputShape(of: shape).count)
    let scratch = memory(stage.scratchSize(for: shape))
    let source = memory(image.count)
    defer { for memory in [target, scratch, source] { memory.deallocate() } }
    inside(source).copyBytes(from: image)
    stage.apply(
      to: PixelView(
        pixels: UnsafeBufferPointer(inside(source).bindMemory(to: UInt8.self)), shape: shape),
      into: inside(target).bindMemory(to: UInt8.self), scratch: inside(scratch),
      generator: &generator)
    #expect(isIntact(target) && isIntact(scratch), "\(stage) writes outside its memory")
    #expect(isIntact(source) && Array(inside(source)) == image, "\(stage) changes the source")
    return Array(inside(target))
  }

  @Test(arguments: stages)
  func theDeclaredOutputIsWrittenWhole(_ stage: any PixelStage) {
    for shape in Self.shapes {
      let image = image(shape)
      for draw in 0..<40 {
        let generator = generator(type(of: stage).name, draw: draw)
        // What lay in the target and in the scratch does not matter.
        let one = apply(stage, to: image, shape, generator, filling: 0)
        #expect(one == apply(stage, to: image, shape, generator, filling: 0xFF), "\(shape)")
        #expect(one.count == stage.outputShape(of: shape).count)
      }
    }
  }

  @Test(arguments: stages)
  func aDrawIsAFunctionOfItsKey(_ stage: any PixelStage) {
    let shape = ImageShape(height: 9, width: 7, channels: 3)
    let image = image(shape)
    func draws(_ key: (Int) -> KeyedGenerator) -> [[UInt8]] {
      (0..<64).map { apply(stage, to: image, shape, key($0)) }
    }
    let name = type(of: stage).name
    let reference = draws { generator(name, draw: $0) }
    #expect(reference == draws { generator(name, draw: $0) })
    #expect(Set(reference).count > 1)
    #expect(reference != draws { generator(name, draw: $0 + 64) })
    #expect(reference != draws { generator(name, seed: 4, draw: $0) })
    #expect(reference != draws { generator(name, epoch: 2, draw: $0) })
    #expect(reference != draws { generator(name + "x", draw: $0) })
    #expect(reference != draws { generator(name, draw: $0, occurrence: 1) })
  }

  /// Passes every image on, and notes the first of its numbers.
  private struct Witness: PixelStage {
    static let form = SpelledForm(
      "witness", "passes images on", make: { Witness() }, take: { _ in () })
    let numbers = Numbers()

    final class Numbers: Hashable, Sendable {
      private let kept = Mutex<[UInt64]>([])
      var all: [UInt64] { kept.withLock { $0 } }

      func note(_ number: UInt64) { kept.withLock { $0.append(number) } }
      static func == (one: Numbers, other: Numbers) -> Bool { one === other }
      func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    func apply(
      to source: PixelView, into target: UnsafeMutableBufferPointer<UInt8>,
      scratch: UnsafeMutableRawBufferPointer, generator: inout KeyedGenerator
    ) {
      numbers.note(generator.next())
      _ = target.update(fromContentsOf: source.pixels)
    }
  }

  @Test(arguments: stages)
  func otherStagesKeepTheirNumbers(_ stage: any PixelStage) {
    for shape in Self.shapes {
      let image = image(shape)
      func draws(_ stages: [any PixelStage]) -> [[Float]] {
        let augmentation = Augmentation(stages)
        let channels = augmentation.outputShape(of: shape).channels
        let pipeline = PixelPipeline(
          augmentation, input: shape,
          normalization: Normalization(
            mean: [Float](repeating: 0.4, count: channels),
            deviation: [Float](repeating: 0.3, count: channels)), seed: 5)
        return (0..<20).map { pipeline.draw(image, epoch: 2, number: $0) }
      }
      let witnesses = (0..<3).map { _ in Witness() }
      _ = draws([witnesses[0]])
      let reference = draws([stage])
      #expect(draws([witnesses[1], stage]) == reference, "\(shape)")
      #expect(draws([stage, witnesses[2]]) == reference, "\(shape)")
      for witness in witnesses[1...] { #expect(witness.numbers.all == witnesses[0].numbers.all) }
      #expect(Set(witnesses[0].numbers.all).count == 20)
      // The same stage once more has numbers of its own.
      let twice = (0..<20).map { draw in
        let first = apply(stage, to: image, shape, generator(draw, of: stage, 0))
        return apply(
          stage, to: first, stage.outputShape(of: shape), generator(draw, of: stage, 1))
      }
      #expect(draws([stage, stage]) == twice.map { normalized($0) })
    }
  }

  /// As in the pipeline of `otherStagesKeepTheirNumbers`.
  private func generator(_ draw: Int, of stage: any PixelStage, _ occurrence: Int)
    -> KeyedGenerator
  {
    generator(type(of: stage).name, seed: 5, epoch: 2, draw: draw, occurrence: occurrence)
  }

  private func normalized(_ pixels: [UInt8]) -> [Float] {
    let (mean, deviation) = (Double(Float(0.4)), Double(Float(0.3)))
    let (scale, bias) = (Float(1 / (255 * deviation)), Float(-mean / deviation))
    return pixels.map { Float($0) * scale + bias }
  }

  @Test(arguments: stages)
  func loadersDrawTheSame(_ stage: any PixelStage) throws {
    for channels in [1, 3] {
      let fixture = try Fixture(count: 5, channels: channels)
      let cache = try fixture.cache(channels: channels)
      let draws = (0..<37).map { Draw(image: Int32($0 % 5), copy: Int32($0 / 5)) }
      let labels = fixture.records.map(\.label)
      func loader(batchSize: Int = 8, workers: Int, firstDraw: Int = 0) -> BatchLoader {
        BatchLoader(
          cache: cache, labels: labels, draws: draws, batchSize: batchSize,
          augmentation: Augmentation([stage]),
          normalization: Normalization(
            mean: [Float](repeating: 0.5, count: channels),
            deviation: [Float](repeating: 0.25, count: channels)), seed: 9, epoch: 4,
          workers: workers, firstDraw: firstDraw)
      }
      let reference = loader(workers: 0).rest()
      #expect(reference.map(\.label) == draws.map { Int32(labels[Int($0.image)]) })
      for workers in [0, 1, 3] {
        for batchSize in [1, 7, 64] {
          #expect(loader(batchSize: batchSize, workers: workers).rest() == reference)
        }
        for firstDraw in [8, 16, 32] {
          #expect(
            loader(workers: workers, firstDraw: firstDraw).rest() == Array(reference[firstDraw...]))
        }
      }
    }
  }

  @Test(arguments: stages)
  func spellingReadsBack(_ stage: any PixelStage) throws {
    let augmentation = Augmentation([stage])
    #expect(try Augmentation(parsing: augmentation.description) == augmentation)
    #expect(augmentation != .none)
    #expect(augmentation.description.split(separator: ":").first ?? "" == type(of: stage).name)
  }
}

extension PixelPipeline {
  /// One draw of an image, copied.
  func draw(_ image: [UInt8], epoch: Int, number: Int) -> [Float] {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: scratchSize, alignment: 64)
    defer { scratch.deallocate() }
    return [Float](unsafeUninitializedCapacity: output.count) { target, count in
      image.withUnsafeBufferPointer {
        apply(
          to: $0, epoch: epoch, draw: number, scratch: scratch,
          into: UnsafeMutableBufferPointer(rebasing: target[..<output.count]))
      }
      count = output.count
    }
  }
}
