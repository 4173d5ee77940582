import ArgumentParser
import BalanceCore
import BalanceExperiments
import BalanceTraining

/// The settings that runs and comparisons have in common, and a file that has them.
struct TrainingOptions: ParsableArguments {
  @OptionGroup(title: "Training") var training: SettingOptions<Settings.Training>
  @OptionGroup(title: "Images") var images: SettingOptions<Settings.Images>
  @OptionGroup(title: "Optimizer and learning rate")
  var optimization: SettingOptions<Settings.Optimization>
  @OptionGroup(title: "Fine-tuning") var tuning: SettingOptions<Settings.Tuning>

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
    for setting in given { try configuration.set(option: setting.name, to: setting.text) }
  }

  /// The settings that are given.
  var given: [(name: String, text: String)] {
    training.given + images.given + optimization.given + tuning.given
  }
}

/// All settings of a single run.
struct RunOptions: ParsableArguments {
  @OptionGroup(title: "Remedy") var remedy: SettingOptions<Settings.Remedy>
  @OptionGroup var seed: SettingOptions<Settings.Seed>
  @OptionGroup var training: TrainingOptions

  /// The defaults, then the file, then the options, which make sense together.
  func configuration() throws(BalanceError) -> TrainingConfiguration {
    var configuration = try training.configuration()
    for setting in remedy.given + seed.given {
      try configuration.set(option: setting.name, to: setting.text)
    }
    try configuration.validateOptions()
    return configuration
  }

  /// Whether any is given.
  var isEmpty: Bool { (remedy.given + seed.given + training.given).isEmpty }
}

extension TrainingConfiguration {
  /// Reads one setting from the command line: errors name the option.
  mutating func set(option name: String, to text: String) throws(BalanceError) {
    do { try set(name, to: text) } catch { throw Self.naming(option: name, error) }
  }

  /// Refuses settings that make no sense together, naming the option.
  func validateOptions() throws(BalanceError) {
    do { try validate() } catch { throw Self.naming(option: error.place ?? "", error) }
  }

  private static func naming(option name: String, _ error: BalanceError) -> BalanceError {
    BalanceError(
      error.code, error.what, at: error.place == name ? "--\(name)" : error.place,
      remedy: error.remedy)
  }
}
