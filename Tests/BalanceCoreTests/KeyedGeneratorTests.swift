import BalanceCore
import Testing

@Suite struct KeyedGeneratorTests {
  /// Known answers of Philox4x32-10 from the Random123 distribution (`kat_vectors`).
  @Test func philoxMatchesKnownAnswers() {
    #expect(
      KeyedGenerator.philox((0, 0, 0, 0), (0, 0))
        == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let all = UInt32.max
    #expect(
      KeyedGenerator.philox((all, all, all, all), (all, all))
        == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      KeyedGenerator.philox(
        (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), (0xa409_3822, 0x299f_31d0))
        == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func sameKeySameNumbersOtherKeyOtherNumbers() {
    func first(_ seed: UInt64, _ purpose: KeyedGenerator.Purpose, _ a: Int, _ b: Int) -> UInt64 {
      var generator = KeyedGenerator(seed: seed, purpose, a, b)
      return generator.next()
    }
    #expect(first(7, .sampling, 1, 2) == first(7, .sampling, 1, 2))
    let distinct: Set = [
      first(7, .sampling, 1, 2), first(8, .sampling, 1, 2), first(7, .split, 1, 2),
      first(7, .sampling, 2, 1), first(7, .sampling, 1 << 33, 2), first(7, .sampling, -1, 2),
    ]
    #expect(distinct.count == 6)
  }

  /// Known for good, since old runs are gone on with.
  @Test func seedsOfNamesAreKnownAndDiffer() {
    #expect(KeyedGenerator.seed(0, for: "crop") == 0x1ab2_ec42_3a1b_8a2e)
    #expect(KeyedGenerator.seed(7, for: "flip", occurrence: 1) == 0x705c_2ec8_8134_afd6)
    let names = ["", "a", "b", "ab", "ba", "a\0", "aa", "crop", "flip"]
    let seeds = [0, 1, 0x9E37_79B9_7F4A_7C15].flatMap { seed in
      names.flatMap { name in
        (0..<3).map { KeyedGenerator.seed(seed, for: name, occurrence: $0) }
      }
    }
    #expect(Set(seeds).count == 3 * 9 * 3)
  }

  @Test(arguments: [0, 1, 2, 3, 7, 64])
  func fillWritesWhatNextReturns(count: Int) {
    for consumed in 0..<3 {
      var one = KeyedGenerator(seed: 5, .test, 1)
      var many = one
      for _ in 0..<consumed { #expect(one.next() == many.next()) }
      let filled = [UInt64](unsafeUninitializedCapacity: count) { words, initialized in
        many.fill(UnsafeMutableBufferPointer(rebasing: words[0..<count]))
        initialized = count
      }
      #expect(filled == (0..<count).map { _ in one.next() })
      #expect(one.next() == many.next())
    }
  }

  @Test func uniformAndNormalHaveTheirMoments() {
    var generator = KeyedGenerator(seed: 3, .test)
    let n = 100_000
    let uniform = (0..<n).map { _ in generator.uniform() }
    let normal = (0..<n).map { _ in generator.normal() }
    // Six standard errors of the mean.
    #expect(abs(uniform.reduce(0, +) / Double(n) - 0.5) < 6 * 0.2887 / Double(n).squareRoot())
    #expect(abs(normal.reduce(0, +) / Double(n)) < 6 / Double(n).squareRoot())
    #expect(abs(normal.map { $0 * $0 }.reduce(0, +) / Double(n) - 1) < 0.03)
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
  }
}
