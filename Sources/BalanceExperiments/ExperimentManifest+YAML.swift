public import BalanceCore
import BalanceDatasets
import BalanceNetworks
import BalanceSampling
public import BalanceTraining
import Foundation
import Yams

extension ExperimentManifest {
  private static let keys = [
    "name", "data", "training", "strategies", "losses", "arms", "seeds",
  ]
  private static let dataKeys =
    ["root", "split", "new-split", "allow-leak"] + YAMLMapping.sourceKeys

  /// Reads a manifest.
  ///
  /// - Parameters:
  ///   - file: its name, for errors.
  ///   - variables: values of `${NAME}`.
  /// - Throws: `BalanceError` with code `usage`: text that is not YAML, an unknown key with the
  ///   nearest one, a value that a setting cannot have, a variable without a value, each with the
  ///   line; or an experiment without arms or seeds.
  public init(yaml text: String, file: String, variables: [String: String]) throws(BalanceError) {
    let top = try YAMLMapping(
      YAMLFile.node(text, file: file), title: "the manifest", file: file, keys: Self.keys,
      variables: variables)
    var training = TrainingConfiguration()
    if let section = try top.mapping("training", keys: nil) {
      try section.refuseSeed()
      for name in section.keys {
        try section.apply(name, to: &training)
      }
    }
    guard let data = try top.mapping("data", keys: Self.dataKeys) else {
      throw BalanceError(.usage, "the manifest lacks 'data'", at: file, remedy: "add data: root:")
    }
    var arms: [ListedArm] = []
    for section in try top.mappings("arms", keys: TrainingSetting.names + ["seeds"]) {
      try section.refuseSeed()
      var settings: [GivenSetting] = []
      for name in section.keys where name != "seeds" {
        // A trial, so that a wrong value is found with its line and before any training.
        var trial = training
        try section.apply(name, to: &trial)
        settings.append(GivenSetting(name, try section.setting(name)))
      }
      arms.append(ListedArm(settings: settings, seeds: try section.seeds()))
    }
    let hasGrid = top.has("strategies") || top.has("losses") || arms.isEmpty
    self.init(
      name: try top.text("name")
        ?? URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent,
      data: try Self.dataSection(data), training: training,
      strategies: try top.list("strategies") ?? (hasGrid ? ["\(training.remedy.strategy)"] : []),
      losses: try top.list("losses") ?? (hasGrid ? [training.remedy.spelled.lossName] : []),
      arms: arms,
      seeds: try top.seeds() ?? [0])
    do { _ = try grid() } catch {
      let place = error.place.map { top.has($0) ? top.place($0) : "\(file), \($0)" }
      throw error.located(at: place ?? file)
    }
  }

  private static func dataSection(_ section: YAMLMapping) throws(BalanceError) -> DataSection {
    let root = try section.required("root")
    guard !root.isEmpty else {
      throw BalanceError(
        .usage, "'root' is empty", at: section.place("root"),
        remedy: "name the dataset's folder ('.' for the current one)")
    }
    var data = DataSection(root: root)
    try section.readSource(into: &data)
    data.split = try section.text("split")
    if let split = try section.mapping("new-split", keys: ["val", "test", "seed", "keep-test"]) {
      let val = try split.number("val", Double.self) ?? 0.15
      let test = try split.number("test", Double.self)
      let seed = try split.number("seed", UInt64.self) ?? 0
      if try split.flag("keep-test") ?? false {
        guard test == nil else {
          throw BalanceError(
            .usage, "keep-test keeps the dataset's own test images", at: split.place("test"),
            remedy: "leave 'test' out")
        }
        let name = data.split ?? DatasetIndex.keptTestSplit
        data.split = name
        data.newSplit = SplitRequest(keepingTestAs: name, val: val, seed: seed)
      } else {
        data.newSplit = SplitRequest(
          name: data.split ?? DatasetIndex.defaultSplit, val: val, test: test ?? 0.15, seed: seed)
      }
    }
    data.allowLeak = try section.flag("allow-leak") ?? false
    return data
  }
}

extension TrainingConfiguration {
  /// Reads the settings of one run, as `manifest.yaml` of a run folder has them.
  ///
  /// - Throws: `BalanceError` with code `usage`, naming the line.
  public mutating func read(yaml text: String, file: String) throws(BalanceError) {
    let mapping = try YAMLMapping(
      YAMLFile.node(text, file: file), title: "the manifest", file: file,
      keys: TrainingSetting.names, variables: [:])
    for name in mapping.keys { try mapping.apply(name, to: &self) }
  }
}

extension YAMLMapping {
  /// Refuses the seed of a single run where there are many.
  fileprivate func refuseSeed() throws(BalanceError) {
    guard let seed = try text("seed") else { return }
    throw BalanceError(
      .usage, "'seed' is for a single run", at: place("seed"),
      remedy: "give 'seeds: [\(seed)]', of the manifest or of an arm")
  }

  /// The list of seeds, nil where there is none.
  fileprivate func seeds() throws(BalanceError) -> [UInt64]? {
    guard let words = try list("seeds") else { return nil }
    var seeds: [UInt64] = []
    for word in words {
      guard let seed = UInt64(word) else {
        throw BalanceError(.usage, "the seed '\(word)' is not a whole number", at: place("seeds"))
      }
      seeds.append(seed)
    }
    return seeds
  }

  /// The text of one setting. A model may be a list of layers, or a mapping with `layers`; each is
  /// checked here, for errors with its own line.
  func setting(_ name: String) throws(BalanceError) -> String {
    guard name == "model" else { return try required(name) }
    var holder = self
    var key = name
    if isMapping(name), let inner = try mapping(name, keys: ["layers"]) {
      holder = inner
      key = "layers"
    }
    guard let layers = try holder.items(key) else {
      let text = try holder.required(key)
      return key == name ? text : ModelCatalog.name(ofLayers: [text])
    }
    for layer in layers {
      do { try ModelCatalog.check(layer: layer.text) } catch {
        throw BalanceError(.usage, "model: \(error.what)", at: layer.place, remedy: error.remedy)
      }
    }
    return ModelCatalog.name(ofLayers: layers.map(\.text))
  }

  /// Reads one setting into a configuration, with the line in errors.
  func apply(_ name: String, to configuration: inout TrainingConfiguration) throws(BalanceError) {
    let text = try setting(name)
    do { try configuration.set(name, to: text) } catch {
      let what = error.place == name ? "\(name): \(error.what)" : error.what
      throw BalanceError(error.code, what, at: place(name), remedy: error.remedy)
    }
  }
}

enum YAMLFile {
  /// The document of a YAML text.
  static func node(_ text: String, file: String) throws(BalanceError) -> Node {
    try YAMLLimits.check(text, file: file)
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw BalanceError(.usage, "is empty", at: file)
      }
      return node
    } catch let error as BalanceError {
      throw error
    } catch let YamlError.parser(_, problem, mark, _) {
      throw BalanceError(.usage, "is not YAML: \(problem)", at: "\(file), line \(mark.line)")
    } catch let YamlError.duplicatedKeysInMapping(duplicates, context) {
      throw BalanceError(
        .usage, "'\(duplicates.first ?? "")' is given twice",
        at: "\(file), line \(context.mark.line)"
      )
    } catch let YamlError.scanner(_, problem, mark, _) {
      throw BalanceError(.usage, "is not YAML: \(problem)", at: "\(file), line \(mark.line)")
    } catch {
      throw BalanceError(.usage, "is not YAML: \(Printable.folded(error))", at: file)
    }
  }
}
