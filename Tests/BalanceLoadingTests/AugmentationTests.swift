import BalanceCore
import BalanceLoading
import Testing

struct AugmentationTests {
  @Test(arguments: [
    ("none", Augmentation.none), ("flip", Augmentation(horizontalFlip: true)),
    ("crop:4", Augmentation(cropPadding: 4)),
    ("crop:4,flip", Augmentation(cropPadding: 4, horizontalFlip: true)),
  ])
  func textAndBack(_ text: String, _ augmentation: Augmentation) throws {
    #expect(try Augmentation(parsing: text) == augmentation)
    #expect(augmentation.description == text)
  }

  @Test(arguments: [
    ("flp", "unknown augmentation 'flp': did you mean 'flip'?"),
    ("crop", "'crop': crop needs the pixels to pad by, 1 to 256"),
    ("crop:0", "'crop:0': crop needs the pixels to pad by, 1 to 256"),
    ("crop:x", "'crop:x': crop needs the pixels to pad by, 1 to 256"),
    ("flip:2", "'flip:2': flip takes no number"),
    ("flip,flip", "augmentation 'flip,flip' names flip twice"),
    ("crop:4,", "unknown augmentation ''"),
  ])
  func nonsenseIsRefused(_ text: String, _ what: String) {
    let error = #expect(throws: BalanceError.self) { try Augmentation(parsing: text) }
    #expect(error?.what == what)
    #expect(error?.code == .usage)
  }

  @Test(arguments: [0, 1, 77] as [UInt64])
  func everyPlaceAndSideIsEquallyLikely(_ seed: UInt64) {
    let augmentation = Augmentation(cropPadding: 2, horizontalFlip: true)
    let draws = 100_000
    var cells = [Int](repeating: 0, count: 5 * 5 * 2)
    for draw in 0..<draws {
      let parameters = augmentation.parameters(seed: seed, epoch: 3, draw: draw)
      let place = (parameters.dy + 2) * 5 + parameters.dx + 2
      cells[place * 2 + (parameters.flip ? 1 : 0)] += 1
    }
    // Chi-squared over 50 cells: above 100 with a probability of 2e-5.
    let expected = Double(draws) / 50
    let statistic = cells.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) }
    #expect(statistic / expected < 100, "seed \(seed)")
  }

  @Test func drawsEpochsAndSeedsDiffer() {
    let augmentation = Augmentation(cropPadding: 100, horizontalFlip: true)
    let reference = augmentation.parameters(seed: 1, epoch: 2, draw: 3)
    #expect(reference == augmentation.parameters(seed: 1, epoch: 2, draw: 3))
    #expect(reference != augmentation.parameters(seed: 1, epoch: 2, draw: 4))
    #expect(reference != augmentation.parameters(seed: 1, epoch: 3, draw: 3))
    #expect(reference != augmentation.parameters(seed: 2, epoch: 2, draw: 3))
  }

  @Test func noneChangesNothing() {
    for draw in 0..<100 {
      #expect(Augmentation.none.parameters(seed: 5, epoch: 0, draw: draw) == .init())
    }
  }
}
