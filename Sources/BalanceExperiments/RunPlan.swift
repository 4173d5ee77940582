package import BalanceCore
package import BalanceTraining
import Foundation

/// One run of an experiment: what it is, where it goes, whether it is done.
struct RunPlan {
  let configuration: ResolvedConfiguration
  let components: TrainingComponents
  let url: URL
  let steps: Int
  /// The run without what is done to the last layer afterwards; nil where this is it.
  let base: URL?
  private let settings: [String: String]
  private let data: TrainingData

  init(
    _ configuration: ResolvedConfiguration, _ components: TrainingComponents, data: TrainingData,
    folder: URL
  ) throws(BalanceError) {
    self.configuration = configuration
    self.components = components
    let named = TrainingRun.settings(configuration, components, data: data)
    settings = TrainingRun.decisive(named)
    self.data = data
    steps =
      configuration.epochs
      * ((data.training.count + configuration.batchSize - 1) / configuration.batchSize)
    let remedy = configuration.remedy
    base =
      remedy.postHoc == .none
      ? nil
      : try RunPlan(configuration.with(postHoc: .none), components, data: data, folder: folder).url
    let correction = base == nil ? "" : "_\(remedy.postHoc)"
    let names = "\(remedy.spelled.strategyName)_\(remedy.spelled.lossName)"
    let name = "\(names)\(correction)_seed\(configuration.seed)"
    let safe = name.map { $0.isLetter || $0.isNumber || "._+-".contains($0) ? $0 : "-" }
    func place(_ settings: [String: String]) -> URL {
      let parts = settings.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
      return folder.appendingPathComponent(
        "runs/\(String(safe))_\(Self.key(parts + [data.splitHash]))")
    }
    // Earlier versions had the dataset's name in the key.
    let earlier = place(named)
    let isThere = RunFolder.isRun(earlier) || RunFolder.isUnfinished(earlier)
    url = isThere ? earlier : place(settings)
  }

  /// What is at `url`.
  enum State: Equatable {
    /// No run of these settings that is finished; perhaps one that can go on.
    case open
    /// A finished run with just these settings, on just these data.
    case done
    /// The same on other data: what has changed since, in words.
    case stale(String)
    /// A finished run of which this file is not what it wrote.
    case altered(String)
  }

  func state() -> State {
    guard let run = try? RunFolder(opening: url, evenDiverged: true),
      let record = try? run.record()
    else {
      return staleOrigin.map(State.stale) ?? .open
    }
    guard TrainingRun.decisive(record.settings) == settings else { return .open }
    if let change = run.change(of: data, since: record) { return .stale(change) }
    return run.alteredFile.map(State.altered) ?? .done
  }

  /// What has changed since a run was begun here that is not finished.
  private var staleOrigin: String? {
    guard let origin = try? RunOrigin(reading: url),
      TrainingRun.decisive(origin.settings) == settings
    else { return nil }
    return origin.change(of: data, in: url)
  }

  /// Goes on with the run where it was cut off, else begins it again.
  func writer(for run: TrainingRun) throws(BalanceError) -> RunFolderWriter {
    if RunFolder.isUnfinished(url), let origin = try? RunOrigin(reading: url), origin.fits(run) {
      return try RunFolderWriter(resuming: url)
    }
    return try RunFolderWriter(at: url, replacing: true)
  }

  /// Eight hexadecimal digits (32-bit FNV-1a) that tell apart runs whose names are alike but whose
  /// other settings differ.
  private static func key(_ parts: [String]) -> String {
    var hash: UInt32 = 0x811C_9DC5
    for byte in parts.joined(separator: "\n").utf8 {
      hash = (hash ^ UInt32(byte)) &* 0x0100_0193
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

/// Advances a progress by one for every optimizer step, those before a resumed run's part included.
package final class StepCounter: TrainingObserver {
  private let progress: any ProgressReporter

  package init(_ progress: any ProgressReporter) { self.progress = progress }

  package func observe(_ event: TrainingEvent) {
    switch event {
    case .runBegan(let event): progress.advance(by: event.firstStep)
    case .stepEnded: progress.advance(by: 1)
    case .note, .epochBegan, .epochEnded, .stopped, .runEnded: break
    }
  }
}
