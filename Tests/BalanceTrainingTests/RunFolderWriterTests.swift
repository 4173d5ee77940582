import BalanceCore
import BalanceTensors
import BalanceTraining
import Foundation
import Testing

/// Which folders a run is written into, and what its first moments leave there.
@Suite struct RunFolderWriterTests {
  /// Other programs and people have files of such names too.
  @Test(
    arguments: [
      ["record.json"], ["origin.json"], ["manifest.yaml"], ["images.csv", "report.html"],
      ["record.json", "origin.json", "predictions.csv"],
    ], [false, true])
  func filesOfOthersAreNoRun(names: [String], replacing: Bool) throws {
    try Pictures.with { pictures in
      let place = pictures.run("place")
      try AtomicFile.makeFolder(place)
      for name in names { try Data("{}".utf8).write(to: place.appendingPathComponent(name)) }
      let error = try #require(throws: BalanceError.self) {
        try RunFolderWriter(at: place, replacing: replacing)
      }
      #expect(error.code == .cannotCreate && error.what.contains("is not a run"))
      for name in names {
        #expect(try Data(contentsOf: place.appendingPathComponent(name)) == Data("{}".utf8))
      }
    }
  }

  /// A run that was killed after any of the files that it begins with can be replaced, and goes on
  /// to have them all.
  @Test(arguments: [[], [.manifest], [.manifest, .images]] as [[RunFolder.File]])
  func firstMomentsAreWholeOnes(written: [RunFolder.File]) throws {
    try Pictures.with { pictures in
      let configuration = Pictures.configuration { $0.epochs = 1 }
      let run = try pictures.training(configuration)
      let pool = try ComputePool(threads: 1)
      let whole = try run.run(
        into: RunFolderWriter(at: pictures.run("whole")), pool: pool, observers: [])
      let place = pictures.run("cut")
      try AtomicFile.makeFolder(place)
      for file in written + [.origin] {
        try FileManager.default.copyItem(
          at: whole.location(file), to: place.appendingPathComponent(file.rawValue))
      }
      #expect(throws: BalanceError.self) { try RunFolderWriter(at: place) }
      try RunFolderWriter(at: place, replacing: true).cancel()
      let resumed = try run.run(
        into: RunFolderWriter(resuming: place), pool: pool, observers: [])
      for file in [.manifest, .images, .weights] as [RunFolder.File] {
        #expect(
          try Data(contentsOf: resumed.location(file)) == Data(contentsOf: whole.location(file)),
          "\(file)")
      }
    }
  }
}
