import BalanceCore
import BalanceLoading
import Testing

struct AugmentationTests {
  static let spellings: [(String, Augmentation)] = [
    ("none", .none), ("flip", Augmentation([HorizontalFlip()])),
    ("crop:4", Augmentation([PaddedCrop(padding: 4)])),
    ("crop:4,flip", Augmentation([PaddedCrop(padding: 4), HorizontalFlip()])),
    ("flip,crop:256", Augmentation([HorizontalFlip(), PaddedCrop(padding: 256)])),
  ]

  @Test(arguments: spellings)
  func textAndBack(_ text: String, _ augmentation: Augmentation) throws {
    #expect(try Augmentation(parsing: text) == augmentation)
    #expect(augmentation.description == text)
    let json = try CanonicalJSON.encode(["a": augmentation])
    #expect(try CanonicalJSON.decode([String: String].self, from: json) == ["a": text])
    #expect(
      try CanonicalJSON.decode([String: Augmentation].self, from: json) == ["a": augmentation])
  }

  @Test func otherStagesAndOrdersAreOtherAugmentations() {
    let all = Self.spellings.map(\.1) + [Augmentation([PaddedCrop(padding: 5)])]
    #expect(Set(all).count == all.count)
  }

  @Test(arguments: [
    ("flp", "unknown augmentation 'flp': did you mean 'flip'?"),
    ("crop", "the augmentation 'crop' needs PIXELS"),
    ("crop:0", "pixels of the augmentation 'crop' is '0'"),
    ("crop:257", "pixels of the augmentation 'crop' is '257'"),
    ("crop:x", "pixels of the augmentation 'crop' is 'x'"),
    ("flip:2", "the augmentation 'flip' has no option '2'"),
    ("rotate:0", "degrees of the augmentation 'rotate' is '0'"),
    ("rotate:nan", "degrees of the augmentation 'rotate' is 'nan'"),
    ("flip,flip", "the augmentation 'flip,flip' names flip twice"),
    ("crop:4,", "unknown augmentation ''"),
  ])
  func nonsenseIsRefused(_ text: String, _ what: String) {
    let error = #expect(throws: BalanceError.self) { try Augmentation(parsing: text) }
    #expect(error?.what == what)
    #expect(error?.code == .usage)
  }

  @Test(arguments: [0, 1, 77] as [UInt64])
  func everyPlaceAndSideIsEquallyLikely(_ seed: UInt64) {
    let draws = 100_000
    var cells = [Int](repeating: 0, count: 5 * 5 * 2)
    for draw in 0..<draws {
      let (dy, dx, flips) = parameters(padding: 2, seed: seed, epoch: 3, draw: draw)
      let place = (dy + 2) * 5 + dx + 2
      cells[place * 2 + (flips ? 1 : 0)] += 1
    }
    // Chi-squared over 50 cells: above 100 with a probability of 2e-5.
    let expected = Double(draws) / 50
    let statistic = cells.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) }
    #expect(statistic / expected < 100, "seed \(seed)")
  }
}

/// What a crop, where there is a padding, and a flip draw.
func parameters(padding: Int, seed: UInt64, epoch: Int, draw: Int)
  -> (dy: Int, dx: Int, flips: Bool)
{
  func generator(_ name: String) -> KeyedGenerator {
    KeyedGenerator(seed: KeyedGenerator.seed(seed, for: name), .augmentation, epoch, draw)
  }
  var (crop, flip) = (generator("crop"), generator("flip"))
  let (dy, dx) = padding > 0 ? PaddedCrop(padding: padding).window(&crop) : (0, 0)
  return (dy, dx, HorizontalFlip().flips(&flip))
}
