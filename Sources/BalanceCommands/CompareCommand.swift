import ArgumentParser
import BalanceCore
import BalanceDatasets
import BalanceExperiments
import BalanceTensors
import BalanceTraining
import Foundation

/// `balance compare`
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Train strategies x losses over several seeds and report which remedy helps.",
    discussion: """
      Every arm gets the same number of optimizer steps. Runs that are done already are not done \
      again, so that an interrupted comparison goes on when it is started again. The report is \
      report.html, with the same content as .md, .csv and .json.

      EXAMPLES:
        balance compare PHOTOS --strategies none,weighted,oversample \\
          --losses cross-entropy,focal --seeds 0,1,2,3,4 --out runs/photos
        balance compare manifests/ham10000.yaml --data HAM10000 --out runs/ham10000
      """)

  @OptionGroup var dataset: DatasetOptions

  @Option(help: ArgumentHelp("Where runs and report go.", valueName: "folder"))
  var out: String

  @Option(help: ArgumentHelp("The value of ${DATA} in a manifest.", valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Sampling strategies, each STRATEGY or STRATEGY@EPOCH (default: "
        + "none,undersample,weighted,oversample).", valueName: "list"))
  var strategies: String?

  @Option(
    help: ArgumentHelp(
      "Losses, each LOSS, LOSS+CLASSWEIGHTS or, with the weights from an epoch on, "
        + "LOSS+CLASSWEIGHTS@EPOCH (default: cross-entropy).", valueName: "list"))
  var losses: String?

  @Option(help: ArgumentHelp("Seeds, a run each (default: 0,1,2,3,4).", valueName: "list"))
  var seeds: String?

  @OptionGroup var part: SplitOptions

  @OptionGroup var training: TrainingOptions
  @OptionGroup(title: "Watching") var log: LogOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let progress = try log.begin(output)
    let manifest = try manifest()
    let folder = URL(fileURLWithPath: out)
    try ComparisonReport.refuseForeignFiles(in: folder)
    try AtomicFile.makeFolder(folder)
    let threads = manifest.training.threadCount
    let root = URL(fileURLWithPath: manifest.data.root)
    let index = try DatasetIndex.prepare(
      root: root, at: dataset.place.location, source: try manifest.data.source(in: root),
      groups: manifest.data.groups,
      allowOutsideRoot: dataset.place.table.allowOutsideRoot, threads: threads,
      progress: progress)
    let result = try Experiment(manifest, folder: folder).interruptibleRun(
      index, progress: progress, tensorboard: log.tensorboard)
    try ComparisonReport.write(result, title: manifest.name, to: folder)
  }

  /// The manifest that is named, or the one that the options make; of one that makes no sense, the
  /// error is before the dataset is looked at.
  private func manifest() throws(BalanceError) -> ExperimentManifest {
    let manifest = try givenManifest()
    do { _ = try manifest.grid() } catch {
      throw error.place.map { error.located(at: "--\($0)") } ?? error
    }
    return manifest
  }

  private func givenManifest() throws(BalanceError) -> ExperimentManifest {
    let path = dataset.dataset
    guard path.hasSuffix(".yaml") || path.hasSuffix(".yml") else {
      guard data == nil else {
        throw BalanceError(
          .usage, "is the value of ${DATA} in a manifest, and \(path) is no .yaml file",
          at: "--data", remedy: "leave it out, or name a manifest")
      }
      let configuration = try training.configuration()
      var section = ExperimentManifest.DataSection(root: path)
      section.source = try dataset.place.source(root: dataset.root)
      section.groups = try dataset.place.layout.groups()
      section.split = part.split
      section.allowLeak = part.allowLeak
      return ExperimentManifest(
        name: URL(fileURLWithPath: path).lastPathComponent, data: section, training: configuration,
        strategies: Self.list(strategies ?? "none,undersample,weighted,oversample"),
        losses: Self.list(losses ?? "cross-entropy"), seeds: try seedList(seeds ?? "0,1,2,3,4"))
    }
    var variables: [String: String] = [:]
    variables["DATA"] = data
    var manifest = try ExperimentManifest(
      yaml: TextFile.read(path), file: path, variables: variables)
    try training.apply(to: &manifest.training)
    if let strategies { manifest.strategies = Self.list(strategies) }
    if let losses { manifest.losses = Self.list(losses) }
    if let seeds { manifest.seeds = try seedList(seeds) }
    if let split = part.split { manifest.data.split = split }
    if part.allowLeak { manifest.data.allowLeak = true }
    if !manifest.data.root.isAbsolutePath, data == nil {
      // A place within a manifest is seen from the manifest.
      manifest.data.root =
        URL(fileURLWithPath: path).deletingLastPathComponent()
        .appendingPathComponent(manifest.data.root).path
    }
    return manifest
  }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { String($0).trimmingCharacters(in: .whitespaces) }
  }

  private func seedList(_ text: String) throws(BalanceError) -> [UInt64] {
    var seeds: [UInt64] = []
    for word in Self.list(text) {
      guard let seed = UInt64(word) else {
        throw BalanceError(
          .usage, "expected whole numbers from 0 up, found '\(word)'", at: "--seeds")
      }
      seeds.append(seed)
    }
    return seeds
  }
}
