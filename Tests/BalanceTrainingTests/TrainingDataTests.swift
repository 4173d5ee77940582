import BalanceCore
import BalanceDatasets
import BalanceTraining
import Foundation
import Testing

@Suite struct TrainingDataTests {
  @Test func defaultSplitIsMadeAndSaid() throws {
    try Pictures.with { pictures in
      let index = try DatasetIndex.prepare(root: pictures.root)
      #expect(try index.provideDefaultSplit()?.contains("made one with 15 %") == true)
      let data = try TrainingData(index)
      #expect(data.classNames == ["bright", "dark", "grey"])
      #expect(data.images.count == 44)
      #expect(!data.training.isEmpty && !data.validation.isEmpty && !data.test.isEmpty)
      #expect(data.allowedLeaks.isEmpty)
      // The second time it is there.
      #expect(try pictures.data().notes.isEmpty)
      #expect(try pictures.data().splitHash == data.splitHash)
    }
  }

  /// The images that the dataset's split names cannot be used: a drawn split would be another.
  @Test func aSplitOfTheDatasetNeverGivesWayToADrawnOne() throws {
    try Pictures.with { pictures in
      var table = "file,label,part\ntable.csv,bright,train\nnowhere.png,dark,test\n"
      for index in 0..<5 { table += "bright/\(index).png,bright,\ndark/\(index).png,dark,\n" }
      try Data(table.utf8).write(to: pictures.root.appendingPathComponent("table.csv"))
      let source = CSVSource(
        file: "table.csv", imageColumn: "file", labelColumns: ["label"], splitColumn: "part")
      let index = try DatasetIndex.prepare(
        root: pictures.root, source: .csv(source), threads: 1, progress: SilentProgress())
      let error = try #require(throws: BalanceError.self) { try TrainingData(index) }
      #expect(error.what.contains("split from part") && error.what.contains("own split"))
      #expect(try index.splits().isEmpty)
      _ = try index.makeSplit(SplitRequest(val: 0.2, test: 0.2, seed: 0))
      #expect(try !TrainingData(index).test.isEmpty)
    }
  }

  /// Reading is not making: a split is made where that is asked for.
  @Test func readingAnIndexWritesNoSplit() throws {
    try Pictures.with { pictures in
      let index = try DatasetIndex.prepare(root: pictures.root)
      let error = try #require(throws: BalanceError.self) { try TrainingData(index) }
      #expect(
        error.what.contains("no split yet") && error.remedy?.contains("balance split") == true)
      #expect(try index.splits().isEmpty)
      #expect(try index.provideDefaultSplit()?.contains("15 % for validation") == true)
      #expect(try index.provideDefaultSplit() == nil)
      #expect(try !TrainingData(index).validation.isEmpty)
    }
  }

  @Test func doubtsAboutTheDatasetAreNotes() throws {
    try Pictures.with { pictures in
      let bright = pictures.root.appendingPathComponent("bright")
      try FileManager.default.moveItem(
        at: bright, to: pictures.root.appendingPathComponent("Dark"))
      #expect(try pictures.data().notes.contains { $0.contains("look alike: 'Dark' and 'dark'") })
    }
  }

  @Test func imagesThatHaveLeftTheSplitAreNoted() throws {
    try Pictures.with { pictures in
      _ = try pictures.data()
      for number in 0..<2 {
        try FileManager.default.removeItem(
          at: pictures.root.appendingPathComponent("bright/\(number).png"))
      }
      #expect(
        try pictures.data().notes.contains { $0.hasPrefix("2 images of the split 'default' left") })
    }
  }

  /// Nobody means to train on the few images that two readings of a dataset share.
  @Test func aSplitOfAnotherReadingIsNotTrainedOn() throws {
    try Pictures.with { pictures in
      func read(_ patterns: String...) throws -> DatasetIndex {
        try DatasetIndex.prepare(
          root: pictures.root, source: .pattern(patterns.map { try PathPattern($0) }))
      }
      let few = try read("{class}/0.png", "{class}/1.png", "{class}/2.png")
      _ = try few.makeSplit(SplitRequest(name: "mine", val: 0, test: 0.4, seed: 0))
      #expect(try TrainingData(few, split: "mine").notes.count == 1)
      _ = try few.provideDefaultSplit()
      let all = try read("{class}/*")
      let error = try #require(throws: BalanceError.self) { try TrainingData(all, split: "mine") }
      #expect(error.what.contains("35 of 44 images are in no part of it"), "\(error)")
      #expect(error.remedy?.contains("--val 0.0 --test 0.4 --seed 0 --name mine") == true)
      // The automatic one is made for what is read now.
      #expect(try all.provideDefaultSplit() != nil && TrainingData(all).images.count == 44)
      // Most of its images are there: it is only said.
      _ = try all.makeSplit(SplitRequest(name: "mine", val: 0, test: 0.4, seed: 0))
      let same = try read("{class}/*", "*/{class}.bmp")
      #expect(
        try TrainingData(same, split: "mine").notes.contains { $0.contains("was read otherwise") })
    }
  }

  @Test func leakIsRefusedUnlessAllowed() throws {
    try Pictures.with { pictures in
      let root = pictures.root.deletingLastPathComponent().appendingPathComponent("folders")
      for role in ["train", "test"] {
        for (label, (name, _)) in Pictures.counts.enumerated() {
          let folder = root.appendingPathComponent("\(role)/\(name)")
          try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
          for index in 0..<3 {
            // Picture 0 of the first class is in both parts.
            let shift = role == "test" && !(label == 0 && index == 0) ? 100 : 0
            try Pictures.png(label: label, index: index + shift).write(
              to: folder.appendingPathComponent("\(index).png"))
          }
        }
      }
      let index = try DatasetIndex.prepare(root: root, threads: 1, progress: SilentProgress())
      let error = try #require(throws: BalanceError.self) { try TrainingData(index) }
      #expect(error.code == .data)
      #expect(error.what.contains("leaks") && error.remedy?.contains("--allow-leak") == true)
      let data = try TrainingData(index, allowLeak: true)
      #expect(data.allowedLeaks.count == 1)
      #expect(data.validation.isEmpty)
      #expect(data.notes.contains { $0.contains("no validation images") })
    }
  }

  @Test func whatIsLeftToTheDataIsDecided() throws {
    try Pictures.with { pictures in
      let data = try pictures.data()
      let resolved = try ResolvedConfiguration(TrainingConfiguration(), for: data)
      #expect(resolved.imageSize == 8 && resolved.channels == 1 && resolved.threads > 0)
      var given = TrainingConfiguration()
      given.images.size = 16
      given.images.channels = 3
      given.optimization.learningRate = 0.2
      given.threads = 1
      #expect(try ResolvedConfiguration(given, for: data).settled == given)
    }
  }

  @Test func pixelsOfAnotherConfigurationAreRefused() throws {
    try Pictures.with { pictures in
      let run = try pictures.training(Pictures.configuration())
      var larger = Pictures.configuration()
      larger.images.size = 16
      let other = try ResolvedConfiguration(larger, for: run.data.dataset)
      let error = #expect(throws: BalanceError.self) {
        try TrainingRun(run.data, configuration: other)
      }
      #expect(error?.what.contains("loaded as 8×8×1") == true)
      #expect(error?.what.contains("asks for 16×16×1") == true)
    }
  }
}
