public import BalanceComparisons
public import BalanceCore
public import BalanceDatasets
import BalanceImages
import BalanceSampling
import BalanceTensors
public import BalanceTraining
public import Foundation

/// Runs what a manifest asks for, into `OUT/runs/NAME`, and compares the runs.
///
/// A run that is done already (same settings, same data) is not done again, and one that was cut
/// off goes on from its checkpoint, so that an interrupted experiment goes on where it stopped.
/// Where labels, files or the parts of the split have changed since, it is trained again, and that
/// is said.
public struct Experiment {
  public let manifest: ExperimentManifest
  /// Where the runs and the report go.
  public let folder: URL
  private let components: (TrainingConfiguration) throws -> TrainingComponents

  /// What an experiment did.
  public struct Result: Sendable {
    public let comparison: Comparison
    /// The run folders, in the order of the runs.
    public let runs: [RunFolder]
    /// How many of them were there before.
    public let reused: Int
    /// Keeps other processes out of the folder as long as there is a report to be written into it.
    let lock: FolderLock
  }

  /// - Parameter components: what the runs of a configuration train: what it says, or in part the
  ///   user's own.
  public init(
    _ manifest: ExperimentManifest, folder: URL,
    components: @escaping (TrainingConfiguration) throws -> TrainingComponents = {
      try TrainingComponents($0)
    }
  ) {
    self.manifest = manifest
    self.folder = folder
    self.components = components
  }

  /// - Parameters:
  ///   - index: the dataset's index, up to date.
  ///   - cacheFolder: where decoded pixels are kept.
  ///   - stop: asks the run under way to save its state and stop.
  ///   - watch: says who watches a run that is about to be trained in a folder, by so many threads.
  /// - Throws: `BalanceError`, or `TrainingStopped` where it was asked to stop; finished runs stay.
  public func run(
    _ index: DatasetIndex, cacheFolder: URL, progress: any ProgressReporter,
    stop: StopRequest = StopRequest(),
    watch: (TrainingRun, URL, Int) throws -> RunWatch = { _, _, _ in RunWatch([]) { _ in } }
  ) throws -> Result {
    let lock = try FolderLock(making: folder)
    guard !RunFolder.isRun(folder), !RunFolder.isUnfinished(folder) else {
      throw BalanceError(
        .cannotCreate, "is the folder of a run", at: folder.path, remedy: "choose another --out")
    }
    removeHalfWrittenReports()
    if let request = manifest.data.newSplit { try provide(request, index, progress) }
    let data = try TrainingData(
      index, split: manifest.data.split, allowLeak: manifest.data.allowLeak, progress: progress)
    let grid = try manifest.grid()
    for arm in grid.leftOut {
      progress.note("warning: \(arm.name) makes no sense and is left out: \(arm.reason)")
    }
    let plans = try grid.runs.map { chosen in
      let components = try components(chosen)
      return try RunPlan(
        ResolvedConfiguration(chosen, for: data, components: components), components, data: data,
        folder: folder)
    }
    let states = plans.map { $0.state() }
    for (plan, state) in zip(plans, states) where state == .done { RunFolderWriter.tidy(plan.url) }
    let missing = zip(plans, states).filter { $0.1 != .done }.map(\.0)
    for note in Self.notes(on: states) { progress.note("note: \(note)") }
    if let note = others(than: plans) { progress.note("note: \(note)") }
    let reused = plans.count - missing.count
    if reused > 0 { progress.note("\(reused) of \(plans.count) runs are done already") }

    if !missing.isEmpty {
      let pool = try ComputePool(threads: missing[0].configuration.threads)
      var loaded: [PixelSize: LoadedData] = [:]
      for plan in missing where loaded[PixelSize(plan.configuration)] == nil {
        loaded[PixelSize(plan.configuration)] = try LoadedData(
          data, configuration: plan.configuration, cacheFolder: cacheFolder,
          progress: progress)
      }
      let steps = missing.reduce(0) { $0 + $1.steps }
      progress.begin("Training \(missing.count) runs", total: steps, unit: "steps")
      defer { progress.end() }
      for plan in missing {
        // Another process may have gone on with it by hand meanwhile.
        guard plan.state() != .done, let pixels = loaded[PixelSize(plan.configuration)] else {
          continue
        }
        let run = try TrainingRun(
          pixels, components: plan.components, configuration: plan.configuration)
        if plan.configuration.seed == manifest.seeds.first,
          let warning = try run.effectivePrior().warning
        {
          progress.note("warning: \(plan.configuration.remedy.spelled): \(warning)")
        }
        if let base = plan.base.flatMap({ try? RunFolder(opening: $0, evenDiverged: true) }),
          run.isDerivable(from: base)
        {
          let derived = try run.run(
            from: base, into: plan.writer(for: run), pool: pool, keepsDivergence: true)
          progress.advance(by: plan.steps)
          Self.warn(of: try derived.record(), progress)
        } else {
          let writer = try plan.writer(for: run)
          let watch = try watch(run, writer.url, pool.threads)
          let finished = try run.run(
            into: writer, pool: pool, observers: [StepCounter(progress)] + watch.observers,
            stop: stop, keepsDivergence: true)
          try watch.finish(finished)
          let record = try finished.record()
          if record.divergence != nil { progress.advance(by: plan.steps - record.optimizerSteps) }
          Self.warn(of: record, progress)
        }
      }
    }
    let runs = try plans.map { plan throws(BalanceError) in
      try RunFolder(opening: plan.url, evenDiverged: true)
    }
    var comparison = try Self.compare(runs)
    comparison.alerts += Self.alerts(grid.leftOut)
    return Result(comparison: comparison, runs: runs, reused: reused, lock: lock)
  }

  /// Those of a process that was killed while it wrote them.
  private func removeHalfWrittenReports() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    where AtomicFile.finalName(ofTemporary: name)?.hasPrefix("report.") == true {
      unlink(folder.appendingPathComponent(name).path)
    }
  }

  /// Compares runs that are done; those that diverged are named.
  public static func compare(_ runs: [RunFolder]) throws -> Comparison {
    var compared: [ComparedRun] = []
    var diverged: [RunRecord] = []
    for run in runs {
      let record = try run.record()
      if record.divergence != nil {
        diverged.append(record)
      } else {
        compared.append(
          ComparedRun(record: record, test: try run.predictions(), validation: try run.validation())
        )
      }
    }
    return try Comparison(compared, diverged: diverged)
  }
}

/// What decides which decoded pixels a run needs.
private struct PixelSize: Hashable {
  let size: Int
  let channels: Int
  let range: SampleRange

  init(_ configuration: ResolvedConfiguration) {
    size = configuration.imageSize
    channels = configuration.channels
    range = configuration.range
  }
}
