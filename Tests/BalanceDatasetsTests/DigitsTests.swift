import BalanceCore
import BalanceDatasets
import BalanceImages
import Foundation
import Testing

@Suite struct DigitsTests {
  /// Figures of scikit-learn 1.9.1's `load_digits`, printed with numpy 2.4.6.
  @Test func digitsAreScikitLearns() throws {
    let digits = try Digits()
    #expect(digits.count == 1797)
    let counts = ClassCounts(names: (0...9).map { "\($0)" }, labels: digits.labels.map(Int.init))
    #expect(counts.counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(digits.pixels.reduce(0) { $0 + Int($1) } == 561_718)
    let weighted = (0..<digits.count).reduce(0) { sum, index in
      sum + index * digits.image(index).reduce(0) { $0 + Int($1) }
    }
    #expect(weighted == 503_342_547)
    #expect(
      digits.image(1796).prefix(16) == [0, 0, 10, 14, 8, 1, 0, 0, 0, 2, 16, 14, 6, 1, 0, 0])
  }

  @Test func folderHasTheLongTail() throws {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-digits-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let root = place.appendingPathComponent("digits")
    try LongTailedDigits().write(to: root)
    // A second time replaces the first.
    try LongTailedDigits().write(to: root)

    func files(_ role: String, _ digit: Int) throws -> [String] {
      try FileManager.default.contentsOfDirectory(
        atPath: root.appendingPathComponent("\(role)/\(digit)").path)
    }
    let training = try (0...9).map { try files("train", $0).count }
    #expect(training == [150, 97, 62, 40, 26, 17, 11, 7, 4, 3])
    var names: Set<String> = []
    var total = 0
    for digit in 0...9 {
      #expect(try files("test", digit).count == 20)
      #expect(try files("val", digit).count == 8)
      for role in ["train", "val", "test"] {
        let found = try files(role, digit)
        names.formUnion(found)
        total += found.count
      }
    }
    // No image is in two parts.
    #expect(names.count == total)
  }

  @Test func somebodyElsesFolderIsLeftAlone() throws {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-digits-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let root = place.appendingPathComponent("digits")
    let precious = root.appendingPathComponent("precious.txt")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: precious)
    #expect(throws: BalanceError.self) { try LongTailedDigits().write(to: root) }
    #expect(try Data(contentsOf: precious) == Data("mine".utf8))
  }
}
