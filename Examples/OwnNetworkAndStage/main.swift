// A network, a pixel stage, an update rule and an observer of one's own:
// OwnNetworkAndStage PHOTOS OUT
import Balance
import Foundation

/// Convolutions of 16 and 32 filters, with a shortcut around the second pair.
@Sendable func shortcut(_ input: ImageShape, classes: Int) throws(BalanceError) -> Network {
  var builder = NetworkBuilder()
  var x = builder.convolutionNorm("stem.", index: 1, builder.input, filters: 16)
  builder.stage = 1
  let y = builder.convolutionNorm("block.", index: 1, x, filters: 16)
  let z = builder.convolutionNorm("block.", index: 2, y, filters: 16, relu: false)
  x = builder.append("block.add", .add, x, z)
  x = builder.append("block.relu", .relu, x)
  x = builder.append("pool", .globalAveragePool, x)
  _ = builder.append("fc", .linear(.init(outputs: classes)), x)
  return try builder.network("shortcut", input: input, classes: classes)
}

/// t = s + d, d uniform over −LEVEL...LEVEL, cut off at 0 and 255.
struct Brightness: PixelStage {
  let level: Int

  static let form = SpelledForm(
    "brightness", "up to LEVEL lighter or darker", .whole("LEVEL", from: 1, to: 255, example: "20"),
    make: { Brightness(level: $0) }, take: { $0.level })

  func apply(
    to source: PixelView, into target: UnsafeMutableBufferPointer<UInt8>,
    scratch: UnsafeMutableRawBufferPointer, generator: inout KeyedGenerator
  ) {
    let added = generator.below(2 * level + 1) - level
    for i in target.indices { target[i] = UInt8(clamping: Int(source.pixels[i]) + added) }
  }
}

/// w ← w − rate · sign(g)
struct SignDescent: UpdateRule {
  static let name = "sign"
  static let memory: [String] = []
  var fingerprint: String { "sign: w - rate sign(g)" }

  func update(_ part: TensorPart) {
    for i in part.values.indices {
      let gradient = part.gradients[i]
      part.values[i] -= Float(part.learningRate) * (gradient == 0 ? 0 : gradient < 0 ? -1 : 1)
    }
  }
}

/// Prints an epoch's loss.
final class Printer: TrainingObserver {
  func observe(_ event: TrainingEvent) {
    if case .epochEnded(let end) = event { print("epoch \(end.epoch + 1): loss \(end.loss)") }
  }
}

var configuration = TrainingConfiguration()
configuration.epochs = 5
configuration.optimization.learningRate = 0.001
configuration.images.augmentation = Augmentation([Brightness(level: 20), HorizontalFlip()])
var components = try TrainingComponents(configuration)
components.useNetwork("shortcut", shortcut)
components.useRule(SignDescent())

let photos = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
let run = try TrainingRun(
  DatasetIndex.prepare(root: photos), components: components, configuration: configuration)
let writer = try RunFolderWriter(at: URL(fileURLWithPath: CommandLine.arguments[2]))
let folder = try run.run(into: writer, observers: [Printer()])
print("macro F1", try folder.evaluation().macro.f1)
