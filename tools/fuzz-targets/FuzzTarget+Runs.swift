import BalanceAnalysis
import BalanceCore
import BalanceDatasets
import BalanceMonitoring
import BalanceTraining
import Foundation

extension FuzzTarget {
  /// The JSON files of a run; the first byte of an input says which it is.
  private static let files: [RunFolder.File] = [.record, .evaluation, .model, .origin]

  static var json: FuzzTarget {
    FuzzTarget(
      name: "json",
      seeds: {
        let runs = try SmallRuns(in: scratch("seeds"))
        return try files.enumerated().map { number, file in
          let folder = file == .origin ? runs.unfinished : runs.finished
          return Data([UInt8(number)])
            + (try Data(contentsOf: folder.appendingPathComponent(file.rawValue)))
        }
      },
      words: ["\"nan\"", "\"inf\"", "9223372036854775807", "1e400", "null", "[[", "\\ud800"],
      reader: {
        let runs = try SmallRuns(in: scratch("json"))
        let sound = try Dictionary(
          uniqueKeysWithValues: files.map { file in
            let url = place(file, runs)
            return (url, try Data(contentsOf: url))
          })
        return { data in
          let file = files[Int(data.first ?? 0) % files.count]
          let url = place(file, runs)
          try data.dropFirst().write(to: url)
          defer { try? sound[url]?.write(to: url) }
          let folder = url.deletingLastPathComponent()
          _ = FoundRun(folder, path: "run")
          _ = try RunDifference(runs.finished, runs.unfinished)
          guard file != .origin else {
            _ = try RunOrigin(reading: folder)
            return
          }
          let run = try RunFolder(opening: folder)
          _ = try (run.record(), run.evaluation())
          _ = try ImagePredictor(run, batchSize: 1, threads: 1)
        }
      })
  }

  private static func place(_ file: RunFolder.File, _ runs: SmallRuns) -> URL {
    (file == .origin ? runs.unfinished : runs.finished).appendingPathComponent(file.rawValue)
  }

  static var checkpoint: FuzzTarget {
    func file(_ runs: SmallRuns) -> URL {
      runs.unfinished.appendingPathComponent(RunFolder.File.checkpoint.rawValue)
    }
    return FuzzTarget(
      name: "checkpoint",
      seeds: { [Data(), Edits.overwrite(8, "9223372036854775807")] },
      words: ["9223372036854775807", "-1", "1e999", "null"],
      reader: {
        let runs = try SmallRuns(in: scratch("checkpoint"))
        let sound = try Data(contentsOf: file(runs))
        return { data in
          try Edits(data).applied(to: sound).write(to: file(runs))
          try runs.resume()
        }
      })
  }

  static var index: FuzzTarget {
    FuzzTarget(
      name: "index",
      seeds: { [Data(), Edits.overwrite(100, "\u{D}")] },
      words: ["CREATE VIEW image", "CREATE TRIGGER", "WITHOUT ROWID", "SELECT 1"],
      reader: {
        let folder = try scratch("index")
        let runs = try SmallRuns(in: folder)
        let root = folder.appendingPathComponent("digits")
        let sound = try Data(contentsOf: runs.index)
        return { data in
          for ending in ["-wal", "-shm", "-journal"] {
            try? FileManager.default.removeItem(atPath: runs.index.path + ending)
          }
          try Edits(data).applied(to: sound).write(to: runs.index)
          let index = try DatasetIndex.open(root: root)
          _ = try (index.source(), index.isComplete(), index.images())
          _ = try? DatasetAnalysis(index: index)
          _ = try? index.makeSplit(SplitRequest(name: "fuzz", val: 0.2, test: 0.2, seed: 0))
          _ = try DatasetIndex.prepare(
            root: root, refresh: true, threads: 1, progress: SilentProgress())
        }
      })
  }
}
