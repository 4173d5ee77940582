import BalanceCore
import BalanceDatasets
import BalanceImages
import BalanceLoading
import BalanceTensors
import Foundation

/// What records and manifests say of a run.
extension TrainingRun {
  /// Every setting that could change the figures, flat, as `RunRecord.settings` holds it.
  public var settings: [String: String] {
    Self.settings(configuration, components, data: data.dataset)
  }

  /// Those of the run that such a configuration makes of a dataset. The number of threads is the
  /// machine's.
  public static func settings(
    _ configuration: ResolvedConfiguration, _ components: TrainingComponents, data: TrainingData
  ) -> [String: String] {
    var settings = configuration.settings
    settings["threads"] = nil
    // As runs have it that know of no other: they can be gone on with and compared.
    if configuration.range == .full { settings["range"] = nil }
    settings["precision"] = configuration.precision.rawValue
    // Earlier versions drew one number after another for all stages: theirs are other runs.
    if configuration.images.augmentation != .none { settings["augmentation keyed by"] = "stage" }
    if let path = configuration.tuning.initialWeights {
      settings["init weights"] = InitialWeights.fingerprint(path: path)
    }
    settings["dataset"] = data.name
    settings["split"] = data.splitName
    settings["weights kept"] = configuration.weightsKept
    return settings.merging(components.own) { $1 }
  }

  /// Those that decide whether two runs are the same: the name of the dataset's folder does not,
  /// since a dataset that has moved is the same one where its images are.
  package static func decisive(_ settings: [String: String]) -> [String: String] {
    settings.filter { $0.key != "dataset" }
  }

  /// The settings, headed by a command that trains such a run again.
  var manifest: String {
    let data = data.dataset
    var words = ["balance", "train", data.root.path, "--manifest", "manifest.yaml"]
    words += ["--split", data.splitName]
    if data.index.path != DatasetIndex.defaultLocation(root: data.root).path {
      words += ["--index", data.index.path]
    }
    if !data.allowedLeaks.isEmpty { words.append("--allow-leak") }
    words += ["--out", "AGAIN"]
    let command = words.map(ShellText.word).joined(separator: " ")
    // A path may hold line breaks, and each line must be a comment.
    return command.split(whereSeparator: \.isNewline).map { "# \($0)\n" }.joined()
      + configuration.settled.yaml
  }
}
