import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// A split column says which images are for the test; nothing else is ever put in its place.
@Suite struct SplitColumnTests {
  private func data(_ words: [String]) throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    var table = "name,kind,part\n"
    for (key, word) in words.enumerated() {
      try data.addImage("images/\(key).png", key: key + 1)
      table += "\(key),\("ab".dropFirst(key % 2).prefix(1)),\(word)\n"
    }
    try data.write(table, "table.csv")
    return data
  }

  private let source = DatasetSource.csv(CSVSourceTests.table(split: "part"))

  @Test func otherWordsAreListed() throws {
    let data = try data(["development", " train", "TEST", "development", "held out", "train"])
    #expect(
      message { _ = try data.index(source) }
        == "table.csv: the split column 'part' has words that are neither train nor val nor test: "
        + "'development' (2 rows), 'held out' (1 row), beside 'train' (2 rows), 'TEST' (1 row); "
        + "write train, val or test (or training, valid, validation, dev, testing), or nothing for "
        + "images of no part")
  }

  @Test func blanksAndEmptyCells() throws {
    let data = try data([" train", "Testing\u{A0}", "", "  ", "dev ", "train"])
    let (index, _) = try data.index(source)
    let split = try #require(try index.splits().first)
    #expect(split.counts(.train)?.total == 2 && split.counts(.val)?.total == 1)
    #expect(split.counts(.test)?.total == 1 && split.outside == 2)
  }

  @Test func anEmptyColumnIsNoSplit() throws {
    let data = try data(["", " ", ""])
    #expect(
      message { _ = try data.index(source) }
        .contains("table.csv: the split column 'part' is empty in every row"))
  }
}
