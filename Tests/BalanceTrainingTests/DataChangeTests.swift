import BalanceCore
import BalanceDatasets
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

/// What has changed since a run saw its data is named.
@Suite struct DataChangeTests {
  private func train(_ pictures: Pictures) throws -> RunFolder {
    let configuration = Pictures.configuration { $0.epochs = 1 }
    return try pictures.training(configuration).run(
      into: RunFolderWriter(at: pictures.run("run")), pool: ComputePool(threads: 1), observers: [])
  }

  private func change(_ pictures: Pictures, _ run: RunFolder) throws -> String? {
    run.change(of: try pictures.data(), since: try run.record())
  }

  @Test func nothingHasChanged() throws {
    try Pictures.with { pictures in
      let run = try train(pictures)
      #expect(try change(pictures, run) == nil)
      #expect(try run.record().data == pictures.data().identity)
    }
  }

  @Test func everyKindIsNamedWithAnExample() throws {
    try Pictures.with { pictures in
      let run = try train(pictures)
      func file(_ path: String) -> URL { pictures.root.appendingPathComponent(path) }
      try Pictures.png(label: 0, index: 77).write(to: file("bright/0.png"))
      #expect(try change(pictures, run) == "1 file has other contents ('bright/0.png')")
      try FileManager.default.removeItem(at: file("dark/3.png"))
      let gone = try #require(try change(pictures, run))
      #expect(gone.contains("1 image is gone ('dark/3.png')"), "\(gone)")
      _ = try pictures.index().makeSplit(SplitRequest(val: 0.15, test: 0.15, seed: 5))
      let moved = try #require(try change(pictures, run))
      #expect(moved.contains("images are in other parts of the split (such as '"), "\(moved)")
    }
  }

  @Test func anotherListOfClassesIsNamed() throws {
    try Pictures.with { pictures in
      let run = try train(pictures)
      try FileManager.default.moveItem(
        at: pictures.root.appendingPathComponent("grey"),
        to: pictures.root.appendingPathComponent("gray"))
      let change = try #require(try change(pictures, run))
      #expect(change.hasPrefix("1 class is new ('gray'), 1 class is gone ('grey')"), "\(change)")
    }
  }

  /// Runs of the version before have no identity in their record and no list of images; their
  /// origin says what they saw.
  @Test func runsOfTheVersionBeforeAreComparedByTheirOrigin() throws {
    try Pictures.with { pictures in
      let run = try train(pictures)
      var record = try run.record()
      record.data = nil
      try FileManager.default.removeItem(at: run.url.appendingPathComponent("images.csv"))
      #expect(run.change(of: try pictures.data(), since: record) == nil)
      try Pictures.png(label: 0, index: 77).write(
        to: pictures.root.appendingPathComponent("bright/0.png"))
      #expect(
        run.change(of: try pictures.data(), since: record)
          == "images or their labels have changed")
      try FileManager.default.removeItem(at: run.location(.origin))
      #expect(
        run.change(of: try pictures.data(), since: record)
          == "the run does not say which images it saw")
    }
  }
}
