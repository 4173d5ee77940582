import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// One name has one form, wherever it comes from.
@Suite struct NameTests {
  private static let composed = "caf\u{E9}"
  private static let decomposed = "cafe\u{301}"

  private func table(_ rows: [String], images: Int) throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    for key in 0..<images { try data.addImage("images/\(key).png", key: key + 1) }
    try data.write(rows.joined(separator: "\n"), "table.csv")
    return data
  }

  private func isTold(_ index: DatasetIndex, _ kind: ProblemKind, _ words: String...) throws -> Bool
  {
    let found = try index.problems().filter { $0.kind == kind }
    return found.count == 1 && words.allSatisfy { found[0].message.contains($0) }
      && !found[0].isSkipped
  }

  @Test func foldersInTwoFormsAreOneClass() throws {
    let data = try TemporaryDataset()
    try data.addClass(Self.composed, count: 2)
    try data.addClass(Self.decomposed, count: 3)
    try data.addClass("tea", count: 2)
    try data.addClass("tea ", count: 1)
    let (index, _) = try data.index()
    #expect(try index.counts() == ClassCounts(names: [Self.composed, "tea"], counts: [5, 3]))
    #expect(try index.classNames()[0].hasSameBytes(as: Self.composed))
    // Paths keep their bytes, so that the files are found.
    for image in try index.images() {
      #expect(FileManager.default.isReadableFile(atPath: image.url(root: index.root).path))
    }
    #expect(
      try isTold(index, .spellings, #""cafe\u{301}", "café""#, #""tea", "tea\u{20}""#))
  }

  @Test func splitFoldersShareTheirClasses() throws {
    let data = try TemporaryDataset()
    try data.addClass(Self.composed, count: 2, in: "train ")
    try data.addClass(Self.decomposed, count: 1, in: "test")
    #expect(try DatasetSource.detect(root: data.root) == .splitFolders)
    let (index, _) = try data.index(.splitFolders)
    #expect(try index.counts(role: .train).counts == [2])
    #expect(try index.counts(role: .test).counts == [1])
  }

  @Test func blanksAtTheEndsAreNoPartOfAName() throws {
    let labels = ["cat", "cat ", " cat", "cat\u{A0}", "Cat", "dog"]
    let data = try table(
      ["name , kind"] + labels.enumerated().map { "\($0),\($1)" }, images: labels.count)
    let (index, _) = try data.index(.csv(CSVSourceTests.table()))
    #expect(
      try index.counts() == ClassCounts(names: ["Cat", "cat", "dog"], counts: [1, 4, 1]))
    #expect(try isTold(index, .lookAlikes, "'Cat' and 'cat'"))
    #expect(try isTold(index, .spellings, #""\u{20}cat", "cat", "cat\u{20}", "cat\u{A0}""#))
  }

  /// What nobody can see is written out.
  @Test func blanksOfOtherKindsAreShown() throws {
    let data = try table(["name,kind", "0,a b", "1,a\u{A0}b"], images: 2)
    let (index, _) = try data.index(.csv(CSVSourceTests.table()))
    #expect(try isTold(index, .lookAlikes, #"'a b' and "a\u{A0}b""#))
  }

  @Test func blankValuesAreMissing() throws {
    let data = try table(["name,kind", "0, ", "1,a"], images: 2)
    let (index, _) = try data.index(.csv(CSVSourceTests.table()))
    #expect(try index.problems().map { "\($0.path) \($0.kind)" } == ["table.csv:2 missingValue"])
  }

  @Test func groupsInSeveralFormsLeak() throws {
    let groups = ["P1", "P1 ", "p1", Self.composed, Self.decomposed, " "]
    let data = try table(
      ["name,kind,who,part"]
        + groups.enumerated().map { "\($0),a,\($1),\($0 % 2 == 0 ? "train" : "test")" },
      images: groups.count)
    let (index, _) = try data.index(
      .csv(CSVSourceTests.table(group: "who", split: "part")))
    #expect(try index.leaks().map(\.key) == ["P1", Self.composed])
    #expect(try index.images().map(\.group).last == .some(nil))
    #expect(try isTold(index, .groupLookAlikes, "'P1' and 'p1'"))
    #expect(try isTold(index, .groupSpellings, #""P1", "P1\u{20}""#))
  }

  @Test func valuesOfSeveralColumnsStayApart() throws {
    let rows = [("a+b", "c"), ("a", "b+c"), (#"a\"#, "b"), ("a", "b"), ("a+", "b"), ("a", "+b")]
    let data = try table(
      ["name,x,y"] + rows.enumerated().map { "\($0),\($1.0),\($1.1)" }, images: rows.count)
    let (index, _) = try data.index(.csv(CSVSourceTests.table(labels: ["x", "y"])))
    #expect(
      try Set(index.classNames()) == [
        #"a\+b+c"#, #"a+b\+c"#, #"a\\+b"#, "a+b", #"a\++b"#, #"a+\+b"#,
      ])
  }

  @Test func aColumnInAnotherForm() throws {
    let data = try table(["name,\(Self.decomposed) ", "0,a"], images: 1)
    let (index, _) = try data.index(.csv(CSVSourceTests.table(labels: [Self.composed])))
    #expect(try index.classNames() == ["a"])
  }

  @Test func valuesThatCannotBeNames() throws {
    let data = try table(
      ["name,kind,who", "0,a\0b,p", "1,a\0c,p", "2,a,p\0", "3,a,p"], images: 4)
    try data.write(
      Data(contentsOf: data.url("table.csv")) + Data("\n3,a,".utf8) + Data([0xE9]), "table.csv")
    let (index, _) = try data.index(.csv(CSVSourceTests.table(group: "who")))
    #expect(try index.images().map(\.path) == ["images/3.png"])
    #expect(
      try index.problems().filter { $0.kind == .badEncoding }.map(\.path) == [
        "table.csv:2", "table.csv:3", "table.csv:4", "table.csv:6",
      ])
  }

  @Test func aSplitIsFoundByItsName() throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 4)
    let (index, _) = try data.index()
    let report = try index.makeSplit(
      SplitRequest(name: " \(Self.decomposed)", val: 0.25, test: 0.25, seed: 0))
    #expect(report.name.hasSameBytes(as: Self.composed))
    for name in [Self.composed, Self.decomposed, Self.composed + " "] {
      #expect(try index.images(split: name).count == 4)
      #expect(try index.leaks(split: name).isEmpty)
      #expect(try index.split(named: name).hash == report.hash)
    }
  }

  @Test func anIndexWithTheNamesOfOldOpens() throws {
    let data = try TemporaryDataset()
    for (key, name) in [Self.composed, Self.decomposed, "tea "].enumerated() {
      try data.addImage("\(name)/0.png", key: key + 1)
    }
    try data.write("x", "tea /notes.txt")
    try data.write(EarlierIndex.first(), ".balance/index.sqlite")
    let index = try DatasetIndex.open(root: data.root)
    #expect(try index.classNames().count == 3 && index.images().count == 3)
    #expect(try index.ignored().isEmpty)
    let ids = try index.images().map(\.id)
    try index.update(source: .folderPerClass, threads: 1, progress: SilentProgress())
    #expect(try index.counts() == ClassCounts(names: [Self.composed, "tea"], counts: [2, 1]))
    #expect(try index.images().map(\.id) == ids)
    #expect(try index.ignored().map(\.category) == [".txt"])
  }
}
