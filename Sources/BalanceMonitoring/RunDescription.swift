public import BalanceCore
public import BalanceTraining
public import Foundation

/// What is known of a run before its first step.
public struct RunDescription: Sendable {
  /// Where the run folder is.
  public let folder: URL
  /// Every setting that could change the figures; see `RunRecord.settings`.
  public let settings: [String: String]
  /// Settings that are not what they would be without options, in the order of manifests.
  public let chosen: [ChosenSetting]
  public let splitHash: String
  /// Images a class in the training split.
  public let trainingCounts: ClassCounts
  public let validationImages: Int
  public let testImages: Int
  public let machine: RunRecord.Machine

  public struct ChosenSetting: Hashable, Sendable {
    public let name: String
    public let value: String
    /// What it would have been.
    public let usual: String

    public init(name: String, value: String, usual: String) {
      self.name = name
      self.value = value
      self.usual = usual
    }
  }

  public var name: String { folder.lastPathComponent }
  public var dataset: String { settings["dataset"] ?? "" }

  /// - Parameter threads: how many compute.
  public init(_ run: TrainingRun, folder: URL, threads: Int) throws(BalanceError) {
    let data = run.data.dataset
    let given = run.configuration.settings
    let usual = try ResolvedConfiguration(TrainingConfiguration(), for: data).settings
    self.init(
      folder: folder, settings: run.settings,
      chosen: TrainingSetting.names.compactMap { name in
        guard let value = given[name], let other = usual[name], value != other else { return nil }
        return ChosenSetting(name: name, value: value, usual: other)
      },
      splitHash: data.splitHash, trainingCounts: data.trainingCounts,
      validationImages: data.validation.count, testImages: data.test.count,
      machine: .current(threads: threads))
  }

  package init(
    folder: URL, settings: [String: String], chosen: [ChosenSetting] = [], splitHash: String,
    trainingCounts: ClassCounts, validationImages: Int, testImages: Int,
    machine: RunRecord.Machine
  ) {
    self.folder = folder
    self.settings = settings
    self.chosen = chosen
    self.splitHash = splitHash
    self.trainingCounts = trainingCounts
    self.validationImages = validationImages
    self.testImages = testImages
    self.machine = machine
  }
}
