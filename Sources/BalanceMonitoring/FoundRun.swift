import BalanceCore
import BalanceMetrics
import BalanceTraining
public import Foundation

/// A run as it is on the disk, finished or not.
public struct FoundRun: Codable, Hashable, Sendable {
  public enum State: String, Codable, Sendable {
    case finished
    /// It could not be computed to its end, and has no figures.
    case diverged
    /// A process is at work on it.
    case running
    /// Cut off; it can go on.
    case unfinished
    /// Files are missing or cannot be read.
    case damaged
  }

  /// Figures on the images that `isTest` says.
  public struct Scores: Codable, Hashable, Sendable {
    /// Test images in a finished run, else the validation images after the latest epoch.
    public let isTest: Bool
    public let accuracy: Double
    public let macroF1: Double
    /// Whether macro F1 counts classes that do not occur as 0, as earlier versions had it: it is
    /// not to be set beside other runs' then.
    public let countsAbsentClasses: Bool

    init(isTest: Bool, accuracy: Double, macroF1: Double, countsAbsentClasses: Bool = false) {
      self.isTest = isTest
      self.accuracy = accuracy
      self.macroF1 = macroF1
      self.countsAbsentClasses = countsAbsentClasses
    }

    /// Of a finished run.
    init(_ run: RunFolder, _ record: RunRecord) throws(BalanceError) {
      if let scores = try run.scores(record) {
        self.init(isTest: true, accuracy: scores.accuracy, macroF1: scores.macroF1)
        return
      }
      let evaluation = try run.evaluation()
      self.init(
        isTest: true, accuracy: evaluation.accuracy, macroF1: evaluation.macro.f1,
        countsAbsentClasses: evaluation.policy.labels != MetricPolicy.standard.labels
          && !evaluation.absentClasses.isEmpty)
    }
  }

  /// As it was found: the folder that was searched and what comes below.
  public let path: String
  public let state: State
  /// What is wrong with a damaged run, or what ended one that diverged.
  public private(set) var reason: String?
  public private(set) var dataset: String?
  public private(set) var strategy: String?
  /// `LOSS+CLASSWEIGHTS@EPOCH`, as lists of losses have it, and a correction after training.
  public private(set) var loss: String?
  public private(set) var model: String?
  public private(set) var seed: UInt64?
  /// How many there are to be.
  public private(set) var epochs: Int?
  public private(set) var epochsDone: Int?
  public private(set) var scores: Scores?
  /// When it was finished, else when something last happened to it.
  public private(set) var when: Date?

  /// - Parameter path: what `path` is to say.
  /// - Returns: nil where the folder is no run.
  public init?(_ folder: URL, path: String) {
    func has(_ file: RunFolder.File) -> Bool {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent(file.rawValue).path)
    }
    self.path = path
    do throws(BalanceError) {
      if has(.record) {
        let run = try RunFolder(opening: folder, evenDiverged: true)
        let record = try run.record()
        if let divergence = record.divergence {
          state = .diverged
          reason = divergence.reason
        } else {
          scores = try Scores(run, record)
          state = .finished
        }
        when = record.finished
        read(record.settings)
        epochsDone = (try? Self.history(folder))?.last?.epoch ?? (state == .diverged ? 0 : epochs)
      } else if has(.origin) {
        let origin = try RunOrigin(reading: folder)
        let rows = has(.history) ? try Self.history(folder) : []
        state = Self.isBusy(folder) ? .running : .unfinished
        when = Self.changed(folder) ?? origin.started
        if let row = rows.last, let accuracy = row.validationAccuracy,
          let macroF1 = row.validationMacroF1
        {
          scores = Scores(isTest: false, accuracy: accuracy, macroF1: macroF1)
        }
        read(origin.settings)
        epochsDone = rows.last?.epoch ?? 0
      } else if has(.manifest), has(.history) || has(.weights) {
        state = .damaged
        reason = "it has no \(RunFolder.File.record.rawValue)"
        when = Self.changed(folder)
      } else {
        return nil
      }
    } catch {
      state = .damaged
      let file = error.place.map { URL(fileURLWithPath: $0).lastPathComponent }
      reason = [file, error.what].compactMap(\.self).joined(separator: " ")
      when = Self.changed(folder)
    }
  }

  private mutating func read(_ settings: [String: String]) {
    let remedy = Remedy(settings: settings)
    dataset = settings["dataset"]
    strategy = settings["strategy"].map { _ in remedy.strategyName }
    loss = settings["loss"].map { _ in
      remedy.lossName + (remedy.postHoc == "none" ? "" : ", \(remedy.postHoc)")
    }
    model = settings["model"]
    seed = settings["seed"].flatMap(UInt64.init)
    epochs = settings["epochs"].flatMap(Int.init)
  }

  private static func history(_ folder: URL) throws(BalanceError) -> [TrainingHistory.Row] {
    let url = folder.appendingPathComponent(RunFolder.File.history.rawValue)
    return try TrainingHistory.rows(csv: RegularFile.read(url), path: url.path)
  }

  /// The latest change to a file of the folder.
  private static func changed(_ folder: URL) -> Date? {
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: [.contentModificationDateKey])
    return files?.compactMap {
      try? $0.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
    }.max()
  }

  /// Whether a process holds the folder's lock, as one that trains there does.
  private static func isBusy(_ folder: URL) -> Bool {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
