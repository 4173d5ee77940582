import BalanceCore
import BalanceLoading
import BalanceMetrics
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

/// Adds a level to every value, in some draws.
private struct Brighten: PixelStage {
  static let form = SpelledForm(
    "brighten", "LEVEL added in some draws", .whole("LEVEL", from: 0, to: 255, example: "20"),
    make: { Brighten(level: UInt8($0)) }, take: { Int($0.level) })
  let level: UInt8

  func apply(
    to source: PixelView, into target: UnsafeMutableBufferPointer<UInt8>,
    scratch: UnsafeMutableRawBufferPointer, generator: inout KeyedGenerator
  ) {
    let added = generator.below(2) == 0 ? 0 : level
    for i in target.indices {
      target[i] = source.pixels[i].addingReportingOverflow(added).partialValue
    }
  }
}

/// Halves the height.
private struct Squash: PixelStage {
  static let form = SpelledForm("squash", "half of the height", is: Squash())

  func outputShape(of input: ImageShape) -> ImageShape {
    ImageShape(height: input.height / 2, width: input.width, channels: input.channels)
  }

  func apply(
    to source: PixelView, into target: UnsafeMutableBufferPointer<UInt8>,
    scratch: UnsafeMutableRawBufferPointer, generator: inout KeyedGenerator
  ) {
    _ = target.update(fromContentsOf: source.pixels[..<target.count])
  }
}

@Suite struct OwnStageTests {
  private final class StopAfter: TrainingObserver {
    let stop: StopRequest
    let step: Int

    init(_ stop: StopRequest, step: Int) {
      self.stop = stop
      self.step = step
    }

    func observe(_ event: TrainingEvent) {
      if case .stepEnded(let event) = event, event.step == step { stop.stop() }
    }
  }

  /// In the record and in a resumed run as the built-in ones are.
  @Test func aStageOfOnesOwnIsTrainedWith() throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration {
        $0.images.augmentation = Augmentation([Brighten(level: 9), PaddedCrop(padding: 1)])
      }
      let run = try pictures.training(configuration)
      let whole = try run.run(
        into: RunFolderWriter(at: pictures.run("whole")), pool: ComputePool(threads: 1),
        observers: [])
      #expect(try whole.record().settings["augment"] == "brighten:9,crop:1")

      let stop = StopRequest()
      #expect(throws: TrainingStopped.self) {
        _ = try run.run(
          into: RunFolderWriter(at: pictures.run("cut")), pool: ComputePool(threads: 1),
          observers: [StopAfter(stop, step: 6)], stop: stop)
      }
      let resumed = try run.run(
        into: RunFolderWriter(resuming: pictures.run("cut")), pool: ComputePool(threads: 1),
        observers: [])
      #expect(try resumed.predictions().csv == whole.predictions().csv)

      let without = Pictures.configuration {
        $0.images.augmentation = Augmentation([PaddedCrop(padding: 1)])
      }
      let other = try pictures.training(without).run(
        into: RunFolderWriter(at: pictures.run("without")), pool: ComputePool(threads: 1),
        observers: [])
      #expect(try other.predictions().csv != whole.predictions().csv)
    }
  }

  @Test func anotherShapeIsRefused() throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration {
        $0.images.augmentation = Augmentation([Squash()])
      }
      let error = #expect(throws: BalanceError.self) {
        try pictures.trainer(configuration)
      }
      #expect(error?.place == "augment")
      #expect(error?.what.contains("makes images of 4×8×1 of those of 8×8×1") == true)
    }
  }

  /// So that runs of versions whose stages shared their numbers are not gone on with.
  @Test func augmentedRunsSayHowTheirNumbersAreKeyed() throws {
    try Pictures.with { pictures in
      let plain = Pictures.configuration()
      let settings = try pictures.training(plain).settings
      #expect(settings["augmentation keyed by"] == nil)
      let augmented = Pictures.configuration {
        $0.images.augmentation = Augmentation([HorizontalFlip()])
      }
      let changed = try pictures.training(augmented).settings
      #expect(changed["augmentation keyed by"] == "stage")
    }
  }
}
