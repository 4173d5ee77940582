import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// A dataset is known by its contents, wherever it is.
@Suite struct MovedDatasetTests {
  /// A dataset in `FOLDER/old`, indexed at `place` and split, that then moves to `FOLDER/new`.
  private func move(
    at place: String?, leavesLink: Bool = false, source: DatasetSource? = nil
  ) throws -> (folder: TemporaryDataset, hash: String) {
    let folder = try TemporaryDataset()
    try folder.addClass("a", count: 8, in: "old")
    try folder.addClass("b", count: 8, in: "old")
    try folder.write("image,label\na/0.png,x\na/1.png,y\nb/0.png,y\n", "old/labels.csv")
    let index = try update(folder, "old", at: place, source: source).index
    let hash = try index.makeSplit(SplitRequest(val: 0.25, test: 0.25, seed: 3)).hash
    #expect(rename(folder.url("old").path, folder.url("new").path) == 0)
    if leavesLink { #expect(symlink("new", folder.url("old").path) == 0) }
    return (folder, hash)
  }

  private func update(
    _ folder: TemporaryDataset, _ name: String, at place: String?, source: DatasetSource? = nil,
    progress: any ProgressReporter = SilentProgress()
  ) throws -> (index: DatasetIndex, summary: IndexSummary?) {
    try DatasetIndex.openAndUpdate(
      root: folder.url(name), at: place.map { folder.url($0) }, source: source, refresh: true,
      allowOutsideRoot: nil, threads: 1, progress: progress)
  }

  @Test(arguments: [nil, "kept/index.sqlite"], [false, true])
  func theIndexAndItsSplitsAreKept(place: String?, leavesLink: Bool) throws {
    let (folder, hash) = try move(at: place, leavesLink: leavesLink)
    for round in 0..<2 {
      let notes = Notes()
      let (index, summary) = try update(folder, "new", at: place, progress: notes)
      #expect(summary?.read == 0)
      #expect(try index.splits().map(\.hash) == [hash])
      #expect(try index.splits().first?.missing == 0)
      let said = notes.all.filter { $0.contains("is known by its contents") }
      #expect(said.count == (round == 0 ? 1 : 0))
    }
    if leavesLink { #expect(try update(folder, "old", at: place).summary?.read == 0) }
  }

  @Test func aTableInsideMovesWithTheDataset() throws {
    let folder = try TemporaryDataset()
    try folder.write("image,label\nc/0.png,x\nc/1.png,y\n", "old/labels.csv")
    for number in 0..<2 { try folder.addImage("old/c/\(number).png", key: number) }
    let table = CSVSource(
      file: folder.url("old").resolvingSymlinksInPath().path + "/labels.csv", imageColumn: "image",
      labelColumns: ["label"])
    _ = try update(folder, "old", at: nil, source: .csv(table))
    #expect(rename(folder.url("old").path, folder.url("new").path) == 0)
    #expect(try update(folder, "new", at: nil).index.classNames() == ["x", "y"])
  }

  /// Another dataset is not taken for one that has moved, be its files called alike.
  @Test func anotherDatasetIsRefused() throws {
    let (folder, hash) = try move(at: "kept/index.sqlite")
    for number in 0..<8 {
      try folder.write(TemporaryDataset.png(number) + Data("longer".utf8), "other/a/\(number).png")
    }
    let refusal = "is the index of another dataset, "
    #expect(message { _ = try update(folder, "other", at: "kept/index.sqlite") }.contains(refusal))
    // Nor is a copy, as long as the first one is where it was.
    _ = try update(folder, "new", at: "kept/index.sqlite")
    try FileManager.default.copyItem(at: folder.url("new"), to: folder.url("copy"))
    #expect(message { _ = try update(folder, "copy", at: "kept/index.sqlite") }.contains(refusal))
    #expect(try update(folder, "new", at: "kept/index.sqlite").index.splits().map(\.hash) == [hash])
  }
}
