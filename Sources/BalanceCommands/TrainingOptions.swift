import ArgumentParser
import BalanceCore
import BalanceExperiments
import BalanceTraining
import Foundation

/// Options that are training settings. They stay text here: `TrainingConfiguration.set` reads them,
/// as it reads manifests, so that a wrong value gets the same words everywhere.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "cnn, resnet20, resnet32, resnet18, mobilenet_v2, …, or 'layers: conv 32, pool, …' "
        + "(default: cnn)", valueName: "name"))
  var model: String?

  @Option(help: "How many epochs, each of as many draws as there are images (default: 30).")
  var epochs: String?

  @Option(help: "Images whose gradients are computed at once (default: 128).")
  var batchSize: String?

  @Option(
    help: ArgumentHelp(
      "Batches whose gradients make one optimizer step (default: 1).", valueName: "batches"))
  var accumulate: String?

  @Option(
    help: ArgumentHelp(
      "End when a validation figure has not become better for so many epochs: none, 10 (of macro "
        + "F1), accuracy:10 or loss:10 (default: none).", valueName: "patience"))
  var earlyStopping: String?

  @Option(
    help: ArgumentHelp(
      "The weights to evaluate and save: last, best (by validation macro F1), best:accuracy or "
        + "best:loss (default: last).", valueName: "weights"))
  var keep: String?

  @Option(help: ArgumentHelp("none, or crop:PIXELS,flip (default: none)", valueName: "list"))
  var augment: String?

  @Option(
    help: ArgumentHelp(
      "Height and width that images are resized to (default: their median, at most 64).",
      valueName: "pixels"))
  var imageSize: String?

  @Option(help: "1 for grey, 3 for colour (default: 1 if every image is grey).")
  var channels: String?

  @Option(
    help: ArgumentHelp(
      "Which values of 16-bit images become black and white: full (0:65535), LOW:HIGH, or auto: "
        + "the least and the greatest of the training images (default: full).",
      valueName: "values"))
  var range: String?

  @Option(
    help: ArgumentHelp(
      "How convolutions are computed: automatic or direct (default: automatic).",
      valueName: "algorithm"))
  var convAlgorithm: String?

  @Option(
    help: ArgumentHelp(
      "f32, bf16 (half the memory, faster where the processor has it) or auto: bf16 where it is "
        + "fast (default: f32).", valueName: "type"))
  var precision: String?

  @OptionGroup(title: "Optimizer and learning rate") var optimization: OptimizationOptions

  @OptionGroup(title: "Fine-tuning") var tuning: TuningOptions

  @Option(help: "Threads that compute (default: all cores).")
  var threads: String?

  @Option(
    help: ArgumentHelp(
      "Settings from a YAML file, such as a run's manifest.yaml; options win over it.",
      valueName: "file"))
  var manifest: String?

  /// The defaults, then the file, then the options.
  func configuration() throws(BalanceError) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    try apply(to: &configuration)
    return configuration
  }

  /// The file, then the options, over what `configuration` has.
  func apply(to configuration: inout TrainingConfiguration) throws(BalanceError) {
    if let manifest { try configuration.read(yaml: TextFile.read(manifest), file: manifest) }
    for case (let name, let text?) in given { try configuration.set(option: name, to: text) }
  }

  /// The settings that are given, by name.
  var given: [(String, String?)] {
    [
      ("model", model), ("epochs", epochs), ("batch-size", batchSize),
      ("accumulate", accumulate), ("early-stopping", earlyStopping), ("keep", keep),
      ("augment", augment), ("image-size", imageSize), ("channels", channels),
      ("range", range),
      ("conv-algorithm", convAlgorithm), ("precision", precision), ("threads", threads),
    ] + optimization.given + tuning.given
  }
}

extension TrainingConfiguration {
  /// Reads one setting from the command line: errors name the option.
  mutating func set(option name: String, to text: String) throws(BalanceError) {
    do { try set(name, to: text) } catch { throw Self.naming(option: name, error) }
  }

  /// Refuses settings that make no sense together, naming the option.
  func checkOptions() throws(BalanceError) {
    do {
      try checkFineTuning()
      try checkOptimization()
      try checkLoss()
    } catch {
      throw Self.naming(option: error.place ?? "", error)
    }
  }

  private static func naming(option name: String, _ error: BalanceError) -> BalanceError {
    BalanceError(
      error.code, error.what, at: error.place == name ? "--\(name)" : error.place,
      remedy: error.remedy)
  }
}

/// Text files that a user names.
enum TextFile {
  /// What people write by hand is smaller, in bytes.
  private static let limit = 16 << 20

  /// - Throws: `BalanceError` with code `noInput`, or `data` where it is larger than 16 MiB.
  static func read(_ path: String) throws(BalanceError) -> String {
    let data: Data
    do throws(BalanceError) {
      data = try RegularFile.read(URL(fileURLWithPath: path), limit: limit)
    } catch { throw error.located(at: path) }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw BalanceError(
        .noInput, "cannot be read as UTF-8 text", at: path, remedy: "check the path")
    }
    return text
  }
}
