import BalanceCore
import BalanceDatasets
import Foundation
import Testing

/// What is not chosen by the user is read as it is now, and what gives way is named.
@Suite struct ChangedLayoutTests {
  private func update(_ folder: TemporaryDataset, source: DatasetSource? = nil) throws
    -> (index: DatasetIndex, notes: [String])
  {
    let notes = Notes()
    let index = try DatasetIndex.prepare(
      root: folder.root, source: source, threads: 1, progress: notes)
    return (index, notes.all)
  }

  @Test func foldersAreReadAsTheyAreNow() throws {
    let folder = try TemporaryDataset()
    for name in ["a", "b"] { try folder.addClass(name, count: 8) }
    let (index, _) = try update(folder)
    #expect(try index.source() == .folderPerClass)
    _ = try index.makeSplit(SplitRequest(val: 0.25, test: 0.25, seed: 3))
    for (name, number) in [("a", 0), ("b", 1)] {
      try folder.addClass(name, count: 2 + number, in: "test")
      try FileManager.default.createDirectory(
        at: folder.url("train"), withIntermediateDirectories: true)
      try FileManager.default.moveItem(at: folder.url(name), to: folder.url("train/\(name)"))
    }
    let (parts, notes) = try update(folder)
    #expect(try parts.source() == .splitFolders && parts.classNames() == ["a", "b"])
    #expect(try parts.splits().map(\.origin) == [.folders])
    #expect(notes.contains { $0.contains("read as it is now, split folders") }, "\(notes)")
    #expect(notes.contains { $0.contains("that 'balance split' had made gives way") }, "\(notes)")
    #expect(try update(folder).notes.isEmpty)
    // And back.
    for name in ["a", "b"] {
      try FileManager.default.moveItem(at: folder.url("train/\(name)"), to: folder.url(name))
    }
    for name in ["train", "test"] { try FileManager.default.removeItem(at: folder.url(name)) }
    let (flat, said) = try update(folder)
    #expect(try flat.source() == .folderPerClass && flat.counts().total == 16)
    #expect(try flat.splits().isEmpty)
    #expect(said.contains { $0.contains("the split 'default' is gone") }, "\(said)")
  }

  @Test func aTableThatWasChosenHoldsOn() throws {
    let folder = try TemporaryDataset()
    for name in ["a", "b"] { try folder.addClass(name, count: 3) }
    try folder.write("image,label,part\na/0.png,x,train\nb/1.png,y,test\n", "labels.csv")
    func table(_ split: String?) -> DatasetSource {
      .csv(
        CSVSource(
          file: folder.root.resolvingSymlinksInPath().path + "/labels.csv", imageColumn: "image",
          labelColumns: ["label"], splitColumn: split))
    }
    #expect(try update(folder, source: table("part")).index.splits().map(\.origin) == [.column])
    #expect(try update(folder).index.classNames() == ["x", "y"])
    let (index, notes) = try update(folder, source: table(nil))
    #expect(try index.splits().isEmpty)
    #expect(notes.contains { $0.contains("the split 'default' is gone") }, "\(notes)")
    try FileManager.default.removeItem(at: folder.url("labels.csv"))
    let error = try #require(throws: BalanceError.self) { try update(folder) }
    #expect(error.code == .noInput && error.what.contains("the table that the dataset's index"))
    #expect(error.remedy?.contains("--detect") == true)
  }

  /// A split of another reading is named, and goes where nobody had asked for it.
  @Test func splitsOfAnotherReadingAreNamed() throws {
    let folder = try TemporaryDataset()
    for name in ["a", "b"] {
      try folder.addClass(name, count: 6)
      for inner in ["x", "y"] { try folder.addClass(inner, count: 6, in: name) }
    }
    let (index, _) = try update(folder)
    _ = try index.makeSplit(SplitRequest(name: "mine", val: 0.25, test: 0.25, seed: 3))
    _ = try index.makeSplit(SplitRequest(val: 0.15, test: 0.15, seed: 0), isAutomatic: true)
    #expect(try index.splits().allSatisfy { $0.formerSource == nil })
    #expect(try update(folder).notes.isEmpty && index.splits().count == 2)

    let pattern = try DatasetSource.pattern([PathPattern("*/{class}/*")])
    let (inner, notes) = try update(folder, source: pattern)
    #expect(try inner.splits().map(\.name) == ["mine"])
    #expect(
      notes.contains {
        $0.contains("'default', which nobody had asked for, is gone")
          && $0.contains("(a folder per class)")
      }, "\(notes)")
    #expect(
      notes.contains {
        $0.contains("'mine' was made when the dataset was read otherwise (a folder per class)")
          && $0.contains("--val 0.25 --test 0.25 --seed 3 --name mine'")
      }, "\(notes)")
    #expect(try inner.split(named: "mine").formerSource == "a folder per class")
    #expect(try update(folder).notes.isEmpty)
    // Made again, it is one for what is read now.
    _ = try inner.makeSplit(SplitRequest(name: "mine", val: 0.25, test: 0.25, seed: 3))
    #expect(try inner.split(named: "mine").formerSource == nil)
    #expect(try update(folder, source: .folderPerClass).notes.count == 1)
  }

  /// The split that is asked for holds on, whoever asked for one of its name before.
  @Test func aSplitThatWasAskedForStays() throws {
    let folder = try TemporaryDataset()
    for name in ["a", "b"] { try folder.addClass(name, count: 6) }
    let (index, _) = try update(folder)
    let request = SplitRequest(val: 0.15, test: 0.15, seed: 0)
    _ = try index.makeSplit(request, isAutomatic: true)
    _ = try index.makeSplit(request)
    let (again, notes) = try update(folder, source: .pattern([PathPattern("{class}/*")]))
    #expect(try again.splits().map(\.formerSource) == ["a folder per class"])
    #expect(notes.count == 1, "\(notes)")
  }
}
