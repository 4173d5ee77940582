public import BalanceCore
import Foundation

/// Finds the runs below folders.
public enum RunSearch {
  /// The runs in and below the folders, in the order of their paths. Hidden folders, and what lies
  /// in a run, are passed over; links are not followed.
  ///
  /// - Throws: `BalanceError` with code `noInput` for a folder that is not there.
  public static func runs(below paths: [String]) throws(BalanceError) -> [FoundRun] {
    var runs: [FoundRun] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
      else {
        throw BalanceError(
          .noInput, isFolder.boolValue ? "cannot be read" : "there is no such folder", at: path,
          remedy: "name a folder with runs below it")
      }
      search(URL(fileURLWithPath: path), path: path, into: &runs)
    }
    return runs
  }

  private static func search(_ folder: URL, path: String, into runs: inout [FoundRun]) {
    if let run = FoundRun(folder, path: path) { return runs.append(run) }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names.sorted() where !name.hasBytePrefix(".") {
      let inner = folder.appendingPathComponent(name)
      var status = stat()
      guard lstat(inner.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
      search(inner, path: path == "." ? name : path + "/" + name, into: &runs)
    }
  }
}

/// What a list of runs is sorted by.
public enum RunOrder: String, CaseIterable, Sendable {
  case path, state, strategy, loss, model, seed, epochs, accuracy
  case macroF1 = "macro-f1"
  case when

  /// Figures and dates go down, the rest up; runs without the figure, and figures of validation
  /// images, come after those of test images. Ties keep their order.
  public func sorted(_ runs: [FoundRun]) -> [FoundRun] {
    switch self {
    case .path: up(runs, \.path)
    case .state: up(runs, \.state.rawValue)
    case .strategy: up(runs, \.strategy)
    case .loss: up(runs, \.loss)
    case .model: up(runs, \.model)
    case .seed: up(runs, \.seed)
    case .epochs: down(runs) { $0.epochsDone }
    case .accuracy: down(runs) { $0.scores.map { Rank($0.isTest, $0.accuracy) } }
    case .macroF1: down(runs) { $0.scores.map { Rank($0.isTest, $0.macroF1) } }
    case .when: down(runs) { $0.when }
    }
  }

  private struct Rank: Comparable {
    let isTest: Bool
    let value: Double

    init(_ isTest: Bool, _ value: Double) {
      self.isTest = isTest
      self.value = value
    }

    static func < (a: Rank, b: Rank) -> Bool {
      a.isTest == b.isTest ? a.value < b.value : b.isTest
    }
  }

  private func up<T: Comparable>(_ runs: [FoundRun], _ key: (FoundRun) -> T?) -> [FoundRun] {
    runs.enumerated().sorted { a, b in
      switch (key(a.element), key(b.element)) {
      case (let x?, let y?) where x != y: x < y
      case (_?, nil): true
      case (nil, _?): false
      default: a.offset < b.offset
      }
    }.map(\.element)
  }

  private func down<T: Comparable>(_ runs: [FoundRun], _ key: (FoundRun) -> T?) -> [FoundRun] {
    runs.enumerated().sorted { a, b in
      switch (key(a.element), key(b.element)) {
      case (let x?, let y?) where x != y: x > y
      case (_?, nil): true
      case (nil, _?): false
      default: a.offset < b.offset
      }
    }.map(\.element)
  }
}
