public import BalanceCore

/// An augmentation and then a normalisation, planned for images of one shape.
///
/// A crop, a flip or a crop and a flip at the end are done in one pass with the normalisation;
/// stages before them write into two buffers in turn. The result is the same, bit for bit.
public final class PixelPipeline: Sendable {
  public let input: ImageShape
  public let output: ImageShape
  /// Bytes of scratch that `apply` needs.
  public var scratchSize: Int { row.upperBound }

  /// A stage with the seed of its own numbers.
  private struct Step<Stage: Sendable>: Sendable {
    let stage: Stage
    let seed: UInt64

    func generator(_ epoch: Int, _ draw: Int) -> KeyedGenerator {
      KeyedGenerator(seed: seed, .augmentation, epoch, draw)
    }
  }

  private let steps: [Step<any PixelStage>]
  private let crop: Step<PaddedCrop>?
  private let flip: Step<HorizontalFlip>?
  private let normalizer: PixelNormalizer
  /// Where the parts of the scratch lie: what stages write in turn, what they need, a row.
  private let buffers: [Range<Int>]
  private let stageScratch: Range<Int>
  private let row: Range<Int>

  /// - Parameter seed: of the run.
  /// - Precondition: as many means as the stages leave channels; stages leave a pixel at least.
  public init(
    _ augmentation: Augmentation, input: ImageShape, normalization: Normalization, seed: UInt64
  ) {
    self.input = input
    output = augmentation.outputShape(of: input)
    normalizer = PixelNormalizer(
      normalization, height: output.height, width: output.width, channels: output.channels)

    var occurrences: [String: Int] = [:]
    var steps = augmentation.stages.map { stage in
      let name = type(of: stage).name
      defer { occurrences[name, default: 0] += 1 }
      return Step(
        stage: stage,
        seed: KeyedGenerator.seed(seed, for: name, occurrence: occurrences[name] ?? 0))
    }
    flip = Self.popLast(&steps)
    crop = Self.popLast(&steps)
    self.steps = steps

    var shape = input
    var sizes = [0, 0]
    var scratch = 0
    for (index, step) in steps.enumerated() {
      let needed = step.stage.scratchSize(for: shape)
      precondition(needed >= 0, "\(step.stage) needs \(needed) bytes of scratch")
      scratch = max(scratch, needed)
      shape = step.stage.outputShape(of: shape)
      precondition(
        shape.height > 0 && shape.width > 0 && shape.channels > 0,
        "\(step.stage) makes images of \(shape)")
      sizes[index % 2] = max(sizes[index % 2], shape.count)
    }
    var parts: [Range<Int>] = []
    for size in sizes + [scratch, normalizer.scratchSize] {
      let start = ((parts.last?.upperBound ?? 0) + 63) & ~63
      parts.append(start..<start + size)
    }
    buffers = Array(parts[..<2])
    stageScratch = parts[2]
    row = parts[3]
  }

  private static func popLast<Stage: PixelStage>(_ steps: inout [Step<any PixelStage>])
    -> Step<Stage>?
  {
    guard let last = steps.last, let stage = last.stage as? Stage else { return nil }
    steps.removeLast()
    return Step(stage: stage, seed: last.seed)
  }

  /// Makes one draw of an image: a pure function of the pixels, the seed, the epoch and the draw's
  /// number in it. Allocates nothing.
  ///
  /// - Parameters:
  ///   - source: of shape `input`.
  ///   - scratch: `scratchSize` bytes, on lines of the cache.
  ///   - target: of shape `output`.
  /// - Precondition: the buffers have these sizes.
  public func apply(
    to source: UnsafeBufferPointer<UInt8>, epoch: Int, draw: Int,
    scratch: UnsafeMutableRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(target.count == output.count, "\(target.count) values for \(output)")
    precondition(scratch.count >= scratchSize, "\(scratch.count) bytes for \(scratchSize)")
    func part(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(rebasing: scratch[range])
    }
    var view = PixelView(pixels: source, shape: input)
    for index in steps.indices {
      let step = steps[index]
      let shape = step.stage.outputShape(of: view.shape)
      let range = buffers[index % 2].prefix(shape.count)
      let pixels = part(range).bindMemory(to: UInt8.self)
      var generator = step.generator(epoch, draw)
      step.stage.apply(
        to: view, into: pixels, scratch: part(stageScratch), generator: &generator)
      view = PixelView(pixels: UnsafeBufferPointer(pixels), shape: shape)
    }
    var (dy, dx, flips) = (0, 0, false)
    if let crop {
      var generator = crop.generator(epoch, draw)
      (dy, dx) = crop.stage.window(&generator)
    }
    if let flip {
      var generator = flip.generator(epoch, draw)
      flips = flip.stage.flips(&generator)
    }
    guard let source = view.pixels.baseAddress, let target = target.baseAddress,
      let row = part(row).bindMemory(to: UInt8.self).baseAddress
    else { return }
    normalizer.normalize(source, dy: dy, dx: dx, flip: flips, scratch: row, into: target)
  }
}
