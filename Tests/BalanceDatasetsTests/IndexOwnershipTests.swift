import BalanceCore
import BalanceDatasets
import Foundation
import Synchronization
import Testing

/// What belongs to another process, to the user or to nobody is left alone, and what a dataset says
/// of itself is not believed where it guards against that dataset.
@Suite struct IndexOwnershipTests {
  private func prepare(_ data: TemporaryDataset, source: DatasetSource? = nil) throws
    -> DatasetIndex
  {
    try DatasetIndex.openAndUpdate(
      root: data.root, at: nil, source: source, refresh: true, allowOutsideRoot: nil, threads: 1,
      progress: SilentProgress()
    ).index
  }

  /// A command that fails while another one makes the index.
  @Test func aFailingCommandLeavesTheIndexOfAnother() throws {
    let wrong = CSVSource(file: "labels.csv", imageColumn: "none", labelColumns: ["label"])
    for _ in 0..<30 {
      let data = try TemporaryDataset()
      try data.addClass("a", count: 4)
      try data.write("image,label\na/0.png,x\n", "labels.csv")
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 4) { number in
        let error = message {
          _ = try prepare(data, source: number == 0 ? .folderPerClass : .csv(wrong))
        }
        if number == 0 { failures.withLock { $0.append(error) } }
      }
      #expect(failures.withLock { $0 } == [""])
      #expect(try DatasetIndex.open(root: data.root).counts().counts == [4])
    }
  }

  @Test func aFailureLeavesNothingBehind() throws {
    let data = try TemporaryDataset()
    try data.write("image,label\na/0.png,x\n", "labels.csv")
    let table = CSVSource(file: "labels.csv", imageColumn: "image", labelColumns: ["label"])
    #expect(message { _ = try prepare(data, source: .csv(table)) }.contains("none of the files"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: data.root.path) == ["labels.csv"])
  }

  /// Links that a dataset brings along lead nowhere.
  @Test(arguments: [
    ".balance", ".balance/index.sqlite", ".balance/index.sqlite-wal", ".balance/pixels",
    ".balance/pixels/features",
  ])
  func linksInsideADatasetAreNotFollowed(link: String) throws {
    let data = try TemporaryDataset()
    try data.addClass("a", count: 2)
    let victim = try TemporaryDataset()
    let target = link.contains("sqlite") ? victim.url("file") : victim.url("folder")
    if link.contains("/") {
      try FileManager.default.createDirectory(
        at: data.url(link).deletingLastPathComponent(), withIntermediateDirectories: true)
    }
    if !link.contains("sqlite") {
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    }
    #expect(symlink(target.path, data.url(link).path) == 0)
    for place in [nil, DatasetIndex.defaultLocation(root: data.root.resolvingSymlinksInPath())] {
      let error = message { _ = try DatasetIndex.open(root: data.root, at: place) }
      #expect(error.contains("is a link, and what a dataset brings along"), "\(error)")
    }
    let left = try FileManager.default.subpathsOfDirectory(atPath: victim.root.path)
    #expect(left.filter { $0 != "folder" }.isEmpty)
  }

  /// An index inside of a dataset cannot let that dataset lead out of its folder.
  @Test func onlyTheUserLetsADatasetLeadOut() throws {
    let outside = try TemporaryDataset()
    try outside.addClass("c", count: 2)
    let data = try TemporaryDataset()
    try data.addClass("a", count: 2)
    #expect(symlink(outside.url("c/0.png").path, data.url("a/link.png").path) == 0)
    #expect(try data.index(outside: true).1.images == 3)
    let error = message { _ = try prepare(data) }
    #expect(error.contains("which only you may allow") && error.contains("--allow-outside-root"))
    // Without the index, it is an ordinary dataset with a link that leads out.
    try FileManager.default.removeItem(at: data.url(".balance"))
    #expect(try prepare(data).images().count == 2)

    // A table elsewhere, likewise.
    try outside.write("image,label\na/0.png,x\na/1.png,y\n", "labels.csv")
    let table = CSVSource(
      file: outside.url("labels.csv").path, imageColumn: "image", labelColumns: ["label"])
    _ = try data.index(.csv(table))
    let refusal = message { _ = try prepare(data) }
    #expect(refusal.contains("lies outside of the dataset") && refusal.contains("--csv"))
  }
}
