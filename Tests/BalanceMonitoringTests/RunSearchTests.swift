import BalanceCore
import BalanceMetrics
import BalanceMonitoring
import BalanceTraining
import Foundation
import Testing

/// Run folders as a training would leave them.
private struct Folders {
  let root: URL

  func folder(_ name: String) throws -> URL {
    let url = root.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  private static func settings(_ change: [String: String]) -> [String: String] {
    [
      "strategy": "none", "defer-strategy": "none", "loss": "cross-entropy", "model": "cnn",
      "class-weights": "none", "defer-weights": "none", "seed": "0", "epochs": "4",
      "dataset": "animals",
    ].merging(change) { $1 }
  }

  @discardableResult
  func finished(
    _ name: String, found: Int, settings: [String: String] = [:],
    change: (inout RunRecord) -> Void = { _ in }
  ) throws -> URL {
    let url = try folder(name)
    var record = Samples.record(Made.description(url))
    record.settings = Self.settings(settings)
    change(&record)
    try CanonicalJSON.encode(record).write(to: url.appendingPathComponent("record.json"))
    try CanonicalJSON.encode(Made.evaluation(found: found))
      .write(to: url.appendingPathComponent("evaluation.json"))
    try history(url, done: 4)
    return url
  }

  func history(_ url: URL, done: Int) throws {
    let rows = try Samples.rows(epochs: 4, done: done, hasValidation: true)
    try Data(TrainingHistory(rows: rows).csv.utf8)
      .write(to: url.appendingPathComponent("history.csv"))
  }

  @discardableResult
  func unfinished(_ name: String, done: Int, settings: [String: String] = [:]) throws -> URL {
    let url = try folder(name)
    let machine = try JSONSerialization.jsonObject(with: CanonicalJSON.encode(Made.machine))
    let origin: [String: Any] = [
      "dataset": "/animals", "index": "/animals/index.sqlite", "split": "default",
      "allowLeak": false, "settings": Self.settings(settings), "splitHash": "0123456789abcdef",
      "classNames": ["cat", "dog", "owl"], "imagesHash": "00", "started": "2027-01-15T08:00:00Z",
      "machine": machine,
    ]
    try JSONSerialization.data(withJSONObject: origin)
      .write(to: url.appendingPathComponent("origin.json"))
    if done > 0 { try history(url, done: done) }
    return url
  }
}

@Suite struct RunSearchTests {
  @Test("every state is told apart, whatever lies between the runs")
  func states() throws {
    try withFolder { root in
      let folders = Folders(root: root)
      try folders.finished("a/finished", found: 3)
      try folders.finished("a/finished/inside", found: 3)
      try folders.unfinished("b/unfinished", done: 2, settings: ["class-weights": "custom:1,2,3"])
      try folders.unfinished("b/begun", done: 0)
      let busy = try folders.unfinished("busy", done: 1)
      let damaged = try folders.finished("damaged", found: 3)
      try FileManager.default.removeItem(at: damaged.appendingPathComponent("evaluation.json"))
      try folders.finished(".hidden", found: 3)
      _ = try folders.folder("empty")
      try FileManager.default.createSymbolicLink(
        at: root.appendingPathComponent("loop"), withDestinationURL: root)

      // Another open file of the same folder, as another process would have.
      let descriptor = open(busy.path, O_RDONLY)
      defer { close(descriptor) }
      try #require(flock(descriptor, LOCK_EX) == 0)

      let runs = try RunSearch.runs(below: [root.path])
      #expect(
        runs.map { $0.path.dropFirst(root.path.count + 1) }
          == ["a/finished", "b/begun", "b/unfinished", "busy", "damaged"])
      #expect(
        runs.map(\.state) == [.finished, .unfinished, .unfinished, .running, .damaged])
      #expect(runs.map(\.epochsDone) == [4, 0, 2, 1, nil])
      #expect(runs[0].scores?.isTest == true && runs[0].scores?.macroF1 == 1)
      #expect(runs[2].scores?.isTest == false && runs[2].scores?.macroF1 == 0.4)
      #expect(runs[1].scores == nil)
      #expect(runs[2].loss == "cross-entropy+custom:1,2,3")
      #expect(runs[4].reason == "evaluation.json cannot be read")
    }
  }

  @Test("sorting by a figure puts test figures first, best first, and runs without it last")
  func order() throws {
    try withFolder { root in
      let folders = Folders(root: root)
      try folders.unfinished("a", done: 4)
      try folders.finished("b", found: 1, settings: ["seed": "10"])
      try folders.finished("c", found: 3, settings: ["seed": "9"])
      try folders.unfinished("d", done: 0)
      let runs = try RunSearch.runs(below: [root.path])
      func names(_ order: RunOrder) -> [String] {
        order.sorted(runs).map { String($0.path.suffix(1)) }
      }
      #expect(names(.macroF1) == ["c", "b", "a", "d"])
      #expect(names(.accuracy) == ["c", "b", "a", "d"])
      #expect(names(.seed) == ["a", "d", "c", "b"])
      #expect(names(.epochs) == ["a", "b", "c", "d"])
      #expect(names(.path) == ["a", "b", "c", "d"])
      #expect(names(.state) == ["b", "c", "a", "d"])
    }
  }
}

@Suite struct RunDifferenceTests {
  @Test("a macro F1 that counts classes which do not occur is marked")
  func earlierPolicy() throws {
    try withFolder { root in
      let url = try Folders(root: root).finished("run", found: 1)
      func isMarked(labels: String) throws -> Bool? {
        let evaluation = Evaluation(
          PredictionTable(
            classNames: ["cat", "dog"], images: ["0.png"], groups: nil, truth: [0],
            probabilities: [1, 0]), trainingCounts: nil)
        let text = String(decoding: try CanonicalJSON.encode(evaluation), as: UTF8.self)
          .replacingOccurrences(of: MetricPolicy.standard.labels, with: labels)
        try Data(text.utf8).write(to: url.appendingPathComponent("evaluation.json"))
        return try RunSearch.runs(below: [url.path]).first?.scores?.countsAbsentClasses
      }
      #expect(try isMarked(labels: MetricPolicy.standard.labels) == false)
      #expect(try isMarked(labels: "the full list of classes, whether they occur or not") == true)
    }
  }

  @Test("what differs is named, and nothing else")
  func differs() throws {
    try withFolder { root in
      let folders = Folders(root: root)
      let a = try folders.finished("a", found: 1)
      let b = try folders.finished("b", found: 3, settings: ["seed": "1", "extra": "x"]) {
        $0.lossFingerprint = "another"
        $0.splitHash = "ffff"
        $0.machine.threads = 4
        $0.machine.versions["balance"] = "0.2.0"
        $0.trainingCounts = ClassCounts(names: ["cat", "dog", "owl"], counts: [100, 50, 7])
        $0.notes = ["a note"]
        $0.convolutions = [
          "training": [
            RunRecord.ConvolutionGroup(algorithm: "own Winograd, f32", layers: ["c1", "c2"]),
            RunRecord.ConvolutionGroup(algorithm: "oneDNN direct, f32", layers: ["c3"]),
          ]
        ]
      }
      let difference = try RunDifference(a, b)
      #expect(difference.settings.map(\.name) == ["extra", "seed"])
      #expect(difference.settings[0].first == nil && difference.settings[0].second == "x")
      #expect(
        difference.fingerprints.map(\.name)
          == ["convolutions in training", "loss", "notes", "split hash", "training images of owl"])
      #expect(
        difference.fingerprints[0].second == "2 by own Winograd, f32; 1 by oneDNN direct, f32")
      #expect(difference.machine.map(\.name) == ["threads", "version of balance"])
      #expect(difference.machine[1].second == "0.2.0")
      let f1 = try #require(difference.results.first { $0.name == "macro F1" })
      #expect(f1.second == 1 && (f1.first ?? 1) < 0.2)
      #expect(try RunDifference(a, a).isEmpty)
      #expect(try RunDifference(a, a).results.count == difference.results.count)
    }
  }

  @Test("a run that is not finished can be compared too")
  func unfinished() throws {
    try withFolder { root in
      let folders = Folders(root: root)
      let a = try folders.finished("a", found: 1)
      let b = try folders.unfinished("b", done: 1, settings: ["lr": "0.5"])
      let difference = try RunDifference(a, b)
      #expect(difference.settings.map(\.name) == ["lr"])
      #expect(difference.fingerprints.contains { $0.name == "state" })
      #expect(!difference.fingerprints.contains { $0.name == "classes" })
      #expect(difference.results.allSatisfy { $0.second == nil })
    }
  }
}
