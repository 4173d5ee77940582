import BalanceCore
import BalanceDatasets
import BalanceImages
import Foundation
import Synchronization
import Testing

@Suite struct IndexTests {
  @Test func folderPerClass() throws {
    let data = try TemporaryDataset()
    try data.addClass("cat", count: 3)
    try data.addClass("ant", count: 2)
    try data.addImage("cat/nested/deep/9.png", key: 99)
    try data.write("notes", "cat/notes.txt")
    try data.write("hidden", "cat/.hidden.png")
    let (index, summary) = try data.index()
    #expect(try index.classNames() == ["ant", "cat"])
    #expect(try index.counts() == ClassCounts(names: ["ant", "cat"], counts: [2, 4]))
    #expect(summary.images == 6 && summary.read == 6 && summary.ignored == 2)
    #expect(
      try index.ignored() == [
        IgnoredFiles(category: ".txt", count: 1, example: "cat/notes.txt"),
        IgnoredFiles(category: "hidden", count: 1, example: "cat/.hidden.png"),
      ])
    let images = try index.images()
    #expect(
      images.map(\.path) == [
        "ant/0.png", "ant/1.png", "cat/0.png", "cat/1.png", "cat/2.png", "cat/nested/deep/9.png",
      ])
    #expect(images.map(\.label) == [0, 0, 1, 1, 1, 1])
    #expect(images.allSatisfy { $0.width == 2 && $0.height == 2 && $0.channels == 3 })
    #expect(try index.problems().isEmpty)
    #expect(try DatasetSource.detect(root: data.root) == .folderPerClass)
  }

  @Test func splitFolders() throws {
    let data = try TemporaryDataset()
    try data.addClass("cat", count: 3, in: "train")
    try data.addClass("ant", count: 2, in: "train")
    try data.addClass("ant", count: 1, in: "validation")
    try data.addClass("dog", count: 2, in: "test")
    #expect(try DatasetSource.detect(root: data.root) == .splitFolders)
    let (index, _) = try data.index(.splitFolders)
    #expect(try index.classNames() == ["ant", "cat", "dog"])
    #expect(try index.counts(split: "default", role: .train).counts == [2, 3, 0])
    #expect(try index.counts(split: "default", role: .val).counts == [1, 0, 0])
    #expect(try index.counts(role: .test).counts == [0, 0, 2])
    let split = try #require(try index.splits().first)
    #expect(split.origin == .folders && split.seed == nil && split.outside == 0)
    #expect(
      try index.images(split: "default", role: .test).map(\.path) == [
        "test/dog/0.png", "test/dog/1.png",
      ])
    // A generated split must not take the place of the dataset's own.
    let error = message { _ = try index.makeSplit(SplitRequest(val: 0.2, test: 0.2, seed: 0)) }
    #expect(error.contains("comes from the dataset's folders"))
  }

  @Test func updatesOnlyWhatChanged() throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 5)
    try data.addClass("b", count: 5)
    try data.write("not an image", "a/bad.png")
    let (index, first) = try data.index()
    #expect(first.read == 11 && first.skipped == 1)
    let before = try index.images()

    let (_, second) = try data.index()
    #expect(second.read == 0 && second.unchanged == 11 && second.skipped == 1)

    try FileManager.default.removeItem(at: data.url("a/0.png"))
    try data.addImage("b/1.png", key: 0x123456)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: data.url("b/1.png").path)
    try data.addImage("b/new.png", key: 0x654321)
    try data.addImage("a/bad.png", key: 0x777777)
    let (_, third) = try data.index()
    #expect(third.read == 3 && third.removed == 1 && third.images == 11 && third.skipped == 0)
    let after = try index.images()
    let ids = Dictionary(uniqueKeysWithValues: after.map { ($0.path, $0.id) })
    for image in before where image.path != "a/0.png" { #expect(ids[image.path] == image.id) }

    // What a fresh index says is what many updates say, but for the numbers.
    let fresh = try DatasetIndex.open(root: data.root, at: data.url(".other/index.sqlite"))
    try fresh.update(source: .folderPerClass, threads: 1, progress: SilentProgress())
    #expect(try fresh.images().map(\.path) == after.map(\.path))
    #expect(try fresh.images().map(\.contentHash) == after.map(\.contentHash))
    #expect(try fresh.images().map(\.label) == after.map(\.label))
  }

  @Test func moreThreadsSayTheSame() throws {
    let data = try TemporaryDataset()
    for name in ["a", "b", "c"] { try data.addClass(name, count: 300) }
    let (one, _) = try data.index(threads: 1)
    let four = try DatasetIndex.open(root: data.root, at: data.url(".other/index.sqlite"))
    try four.update(source: .folderPerClass, threads: 4, progress: SilentProgress())
    #expect(try one.images().map(\.path) == four.images().map(\.path))
    #expect(try one.images().map(\.contentHash) == four.images().map(\.contentHash))
  }

  @Test func manyMayOpenANewIndexAtOnce() throws {
    for _ in 0..<5 {
      let data = try TemporaryDataset()
      try data.addClass("a", count: 3)
      try data.addClass("b", count: 3)
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 6) { _ in
        do { _ = try data.index() } catch { failures.withLock { $0.append("\(error)") } }
      }
      #expect(failures.withLock { $0 } == [])
      #expect(try data.index().1.unchanged == 6)
    }
  }

  @Test func emptyFolderAndSingleClass() throws {
    let data = try TemporaryDataset()
    let error = message {
      _ = try DatasetIndex.prepare(root: data.root, threads: 1, progress: SilentProgress())
    }
    #expect(error.contains("the dataset is empty"))
    #expect(!FileManager.default.fileExists(atPath: data.url(".balance").path))
    try FileManager.default.createDirectory(
      at: data.url("a"), withIntermediateDirectories: true)
    #expect(message { _ = try data.index() }.contains("no \(ImageFormat.names) image was found"))
    try data.addClass("a", count: 2)
    let (index, _) = try data.index()
    #expect(message { try index.requireTrainable() }.contains("a single class, 'a'"))
    try data.addClass("b", count: 1)
    try data.index().0.requireTrainable()
  }

  @Test func refusesWhatIsNotAnIndex() throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 1)
    try data.write("this is text and not a database, whatever its name", "x.sqlite")
    let error = message { _ = try DatasetIndex.open(root: data.root, at: data.url("x.sqlite")) }
    #expect(error.contains("is not an index, or a damaged one"), "\(error)")
    let other = try TemporaryDataset()
    try other.addClass("a", count: 1)
    _ = try data.index()
    let place = DatasetIndex.defaultLocation(root: data.root)
    #expect(
      message { _ = try DatasetIndex.open(root: other.root, at: place) }
        .contains("is the index of another dataset"))
  }

  @Test func readOnlyFolderAsksForAnotherPlace() throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 1)
    chmod(data.root.path, 0o555)
    defer { chmod(data.root.path, 0o755) }
    let error = message { _ = try DatasetIndex.open(root: data.root) }
    #expect(error.contains("read-only") && error.contains("--index FILE"), "\(error)")
    let elsewhere = try TemporaryDataset()
    let index = try DatasetIndex.open(root: data.root, at: elsewhere.url("i.sqlite"))
    try index.update(source: .folderPerClass, threads: 1, progress: SilentProgress())
    #expect(try index.counts().counts == [1])
  }

  @Test func unknownSplitSuggests() throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 4)
    let (index, _) = try data.index()
    #expect(message { _ = try index.images(role: .train) }.contains("has no split yet"))
    _ = try index.makeSplit(SplitRequest(name: "first", val: 0.25, test: 0.25, seed: 0))
    #expect(
      message { _ = try index.images(split: "frist") }.contains("did you mean 'first'?"))
  }
}
