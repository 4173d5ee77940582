import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// Nothing on the disk vanishes: it is used, recorded with a reason, or counted by name.
@Suite struct LeftOutTests {
  private func data() throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 2)
    try data.addClass("b", count: 2)
    return data
  }

  private func kinds(_ index: DatasetIndex) throws -> [String] {
    try index.problems().map { "\($0.path) \($0.kind)" }
  }

  private func link(_ data: TemporaryDataset, _ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: data.url(path).path, withDestinationPath: target)
  }

  @Test func namesThatAreNotUTF8AtEveryLevel() throws {
    let data = try data()
    for folder in ["", "/a"] {
      for last: CChar in [-127, -126] {
        let bytes = (data.root.path + folder + "/k").utf8.map { CChar(bitPattern: $0) }
        mkdir(bytes + [last, 0], 0o755)
      }
    }
    let (index, summary) = try data.index()
    #expect(summary.images == 4 && summary.skipped == 4)
    #expect(
      try kinds(index) == [
        #"a/k\x81 badName"#, #"a/k\x82 badName"#, #"k\x81 badName"#, #"k\x82 badName"#,
      ])
  }

  @Test func linksThatLeadNowhere() throws {
    let data = try data()
    try link(data, "ghost", to: "nowhere")
    try link(data, "a/ghost", to: "nowhere")
    try link(data, "a/round", to: "round")
    let (index, _) = try data.index()
    #expect(try kinds(index) == ["a/ghost missing", "a/round unreadable", "ghost missing"])
  }

  @Test func aLinkUpAddsNothing() throws {
    let data = try data()
    try link(data, "a/up", to: "..")
    let (index, summary) = try data.index()
    #expect(summary.images == 4)
    #expect(
      try index.ignored() == [
        IgnoredFiles(
          category: "linking to a folder that is listed already", count: 1, example: "a/up")
      ])
  }

  @Test func pathsThatAreTooLong() throws {
    let data = try data()
    let part = String(repeating: "n", count: 200)
    var folders = [open(data.url("a").path, O_RDONLY | O_DIRECTORY)]
    for depth in 0..<25 {
      mkdirat(folders[depth], part, 0o755)
      folders.append(openat(folders[depth], part, O_RDONLY | O_DIRECTORY))
    }
    defer {
      // Paths of this length are too long to be removed by.
      for folder in folders.dropLast().reversed() { unlinkat(folder, part, AT_REMOVEDIR) }
      for folder in folders { close(folder) }
      withExtendedLifetime(data) {}
    }
    let (index, _) = try data.index()
    let problem = try #require(try index.problems().first)
    #expect(try index.problems().count == 1)
    #expect(problem.kind == .unreadable && problem.message.contains("name too long"))
    #expect(problem.path.hasPrefix("a/" + part))
  }

  @Test func imagesWithoutAnEndingAreLookedInto() throws {
    let data = try data()
    try data.write(TemporaryDataset.jpeg, "a/photo")
    try data.write(try TemporaryDataset.png(77), "a/large.jpg_large")
    try data.write(Data("GIF89a".utf8), "b/photo")
    try data.write("no picture", "b/README")
    try data.write("no picture", "b/notes.txt")
    let (index, summary) = try data.index()
    #expect(summary.images == 6)
    #expect(
      try kinds(index) == [
        "a/large.jpg_large wrongEnding", "a/photo wrongEnding", "b/photo unsupported",
      ])
    #expect(
      try index.ignored().map(\.category) == [".txt", "without an ending"])
  }

  @Test func everyEndingOfAFormatCounts() throws {
    let data = try data()
    for ending in ["jfif", "JIF", "jfi", "jpe", "jpeg"] {
      try data.write(TemporaryDataset.jpeg, "a/\(ending).\(ending)")
    }
    let (index, summary) = try data.index()
    #expect(summary.images == 9 && summary.ignored == 0)
    #expect(try index.problems().isEmpty)
  }

  @Test func whatATableDoesNotNameIsCounted() throws {
    let data = try TemporaryDataset()
    for key in 0..<5 { try data.addImage("images/\(key).png", key: key + 1) }
    try data.addImage("more/x.png", key: 9)
    try data.write("GIF89a", "more/y.gif")
    try link(data, "pictures", to: "images")
    try data.write(
      "name,kind\nimages/0.png,a\npictures/1.png,b\nimages/2.png,\n", "table.csv")
    let (index, summary) = try data.index(
      .csv(CSVSource(file: "table.csv", imageColumn: "name", labelColumns: ["kind"])))
    #expect(summary.images == 2)
    #expect(
      try index.ignored() == [
        IgnoredFiles(
          category: "not named by the table (images)", count: 3, example: "images/3.png"),
        IgnoredFiles(category: ".gif", count: 1, example: "more/y.gif"),
        IgnoredFiles(category: "linking to a folder", count: 1, example: "pictures"),
      ])
  }

  @Test func aCountThatChangesIsKept() throws {
    let data = try data()
    _ = try data.index()
    try data.write("x", "a/x.txt")
    let (index, summary) = try data.index()
    #expect(summary.read == 0 && summary.ignored == 1)
    #expect(try index.ignored().map(\.count) == [1])
  }
}
