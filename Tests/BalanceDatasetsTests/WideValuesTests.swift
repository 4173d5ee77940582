import BalanceCore
import BalanceDatasets
import BalanceImageFixtures
import Foundation
import Testing

/// What the index knows of 16-bit images.
@Suite struct WideValuesTests {
  static func dataset(_ values: [[Int]]) throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    try data.addClass("eight", count: 2)
    for (number, values) in values.enumerated() {
      let png = HandmadePNG(width: values.count, height: 1, depth: 16, values: values)
      try data.write(png.data, "sixteen/\(number).png")
    }
    return data
  }

  @Test func theIndexKeepsTheirExtents() throws {
    let data = try Self.dataset([[5, 4000, 17], [900, 30, 31]])
    let (index, _) = try data.index()
    #expect(try index.images().map(\.extent) == [nil, nil, 5...4000, 30...900])
    let values = try #require(try index.wideValues())
    #expect(values.images == 2 && values.extent == 5...4000)
    #expect(values == WideValues(try index.images()))
    let (eight, _) = try Self.dataset([]).index()
    #expect(try eight.wideValues() == nil)
  }

  @Test(arguments: [
    ([0, 4095], "0:4095", 17), ([12, 3000], "0:4095", 13), ([0, 255], "0:255", 2),
    ([0, 1023], "0:1023", 5), ([1000, 1500], "1000:1500", 3), ([30_000, 31_000], "30000:31000", 5),
    ([7, 7], "7:8", 1),
  ])
  func narrowValuesAreWarnedOf(_ values: [Int], _ range: String, _ levels: Int) throws {
    let found = try #require(try Self.dataset([values]).index().0.wideValues())
    #expect(found.isNarrow && found.range == range && found.levels == levels)
    #expect(
      found.warning
        == "1 image has 16 bits a value, and all values lie between \(values[0]) and \(values[1]): "
        + "of the 256 levels that a model sees they fill \(levels); train with --range \(range) or "
        + "--range auto")
  }

  @Test(arguments: [[0, 65_535], [20_000, 50_000], [1, 16_385]])
  func wideOnesAreNot(_ values: [Int]) throws {
    #expect(try Self.dataset([values]).index().0.wideValues()?.isNarrow == false)
  }
}
