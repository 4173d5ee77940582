import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// Groups that the images' paths name.
@Suite struct GroupPatternTests {
  private func data() throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    for (key, path) in ["a/p1_1.png", "a/p1_2.png", "b/p1_1.png", "b/p2_1.png"].enumerated() {
      try data.addImage(path, key: key + 1)
    }
    return data
  }

  private func prepare(
    _ data: TemporaryDataset, _ source: DatasetSource? = nil, _ groups: String? = nil
  ) throws -> DatasetIndex {
    try DatasetIndex.prepare(
      root: data.root, source: source, groups: groups.map { try PathPattern($0) }, threads: 1,
      progress: SilentProgress())
  }

  @Test func groupsOfFolders() throws {
    let data = try data()
    #expect(try prepare(data).groupCount() == 0)
    let index = try prepare(data, nil, "*/{group}_*.png")
    #expect(try index.images().map(\.group) == ["p1", "p1", "p1", "p2"])
    #expect(try index.source()?.summary == "a folder per class, groups from '*/{group}_*.png'")
    // They hold on, until others are chosen.
    #expect(try prepare(data).groupCount() == 2)
    let numbered = try prepare(data, nil, "{group}/{group}_*.png")
    #expect(try numbered.images().map(\.group) == ["a/p1", "a/p1", "b/p1", "b/p2"])
    #expect(try prepare(data, .folderPerClass).groupCount() == 0)
  }

  @Test func groupsOfATable() throws {
    let data = try data()
    try data.write("file,kind,who\na/p1_1.png,x,u\nb/p2_1.png,y,v\n", "t.csv")
    let table = CSVSource(file: "t.csv", imageColumn: "file", labelColumns: ["kind"])
    _ = try prepare(data, .csv(table))
    let index = try prepare(data, nil, "*/{group}_*.png")
    #expect(try index.images().map(\.group) == ["p1", "p2"])
    var grouped = table
    grouped.groupColumn = "who"
    let error = message { _ = try prepare(data, .csv(grouped), "*/{group}_*.png") }
    #expect(error.contains("names groups a second time"), "\(error)")
  }

  @Test func imagesWithoutAGroupAreNamed() throws {
    let data = try data()
    try data.addImage("b/single.png", key: 9)
    let index = try prepare(data, nil, "*/{group}_*.png")
    let problem = try #require(try index.problems().first)
    #expect(problem.kind == .ungrouped && !problem.isSkipped)
    #expect(problem.message.hasPrefix("1 of 5 images are in no group, such as 'b/single.png'"))
    #expect(
      message { _ = try prepare(data, nil, "{group}.png") }
        .contains("--group-pattern '{group}.png': no image's path matches, such as \"a/p1_1.png\""))
  }

  @Test(arguments: [
    ("*/*.png", "has no {group}"), ("{class}/{group}_*.png", "placeholders beside {group}"),
  ])
  func refuses(_ pattern: String, _ words: String) throws {
    let data = try data()
    #expect(message { _ = try prepare(data, nil, pattern) }.contains(words))
  }
}
