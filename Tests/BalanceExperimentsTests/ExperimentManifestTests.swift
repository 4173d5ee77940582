import BalanceCore
import BalanceDatasets
import BalanceExperiments
import BalanceSampling
import BalanceTraining
import Foundation
import Testing

@Suite struct ExperimentManifestTests {
  private static let text = """
    name: trial
    data:
      root: ${DATA}/pictures
      csv:
        file: table.csv
        image-column: id
        label-columns: [sex, age]
        group-column: patient
      new-split: {val: 0.1, test: 0.2, seed: 7}
    training:
      epochs: 3
      lr: 0.05
    strategies: [none, weighted:0.5]
    losses: [cross-entropy, focal:2]
    arms:
      - {strategy: none, loss: cross-entropy, class-weights: inverse-frequency}
      - {strategy: none, loss: cross-entropy}
    seeds: [0, 4]
    """

  private func manifest(_ text: String = Self.text, data: String? = "/d") throws
    -> ExperimentManifest
  {
    var variables: [String: String] = [:]
    variables["DATA"] = data
    return try ExperimentManifest(yaml: text, file: "trial.yaml", variables: variables)
  }

  @Test func wholeManifestIsRead() throws {
    let manifest = try manifest()
    #expect(manifest.name == "trial")
    #expect(manifest.data.root == "/d/pictures")
    #expect(manifest.data.source?.csv?.labelColumns == ["sex", "age"])
    #expect(manifest.data.source?.csv?.groupColumn == "patient")
    #expect(manifest.data.newSplit?.test == 0.2)
    #expect(manifest.data.newSplit?.seed == 7)
    #expect(manifest.training.epochs == 3)
    #expect(manifest.training.optimization.learningRate == 0.05)
  }

  @Test(arguments: [
    "model: [conv 32, pool, global-average, dropout 0.2, linear]",
    "model:\n    layers:\n      - conv 32\n      - pool\n      - global-average\n      - dropout 0.2\n      - linear",
    "model: {layers: \"conv 32, pool, global-average, dropout 0.2, linear\"}",
    "model: \"layers: conv 32, pool, global-average, dropout 0.2, linear\"",
  ])
  func modelsAreReadFromLists(model: String) throws {
    let text = Self.text.replacingOccurrences(of: "epochs: 3", with: "epochs: 3\n  \(model)")
    let training = try manifest(text).training
    #expect(training.model == "layers: conv 32, pool, global-average, dropout 0.2, linear")
    var again = TrainingConfiguration()
    try again.read(yaml: training.yaml, file: "manifest.yaml")
    #expect(again.model == training.model)
  }

  @Test(arguments: [
    ("[conv 32,\n   pol, linear]", "trial.yaml, line 12: model: unknown layer 'pol'"),
    ("[conv, linear]", "line 11: model: 'conv' lacks its filters"),
    ("[conv 32 strid 2, linear]", "line 11: model: unknown option of 'conv' 'strid'"),
    ("{layer: [conv 32]}", "line 11: unknown key in 'model' 'layer'"),
    ("[conv 32]", "line 11: model: a list of layers ends with 'linear'"),
    ("[linear, conv 32, linear]", "line 11: model: layer 1: 'linear' makes the logits"),
    ("[dropout 1.5, linear]", "line 11: model: 'dropout 1.5': expected a rate"),
  ])
  func wrongLayersAreNamedWithTheirLine(model: String, message: String) {
    let text = Self.text.replacingOccurrences(of: "epochs: 3", with: "model: \(model)\n  epochs: 3")
    #expect {
      _ = try manifest(text)
    } throws: { error in
      let found = "\(error)".contains(message)
      if !found { Issue.record("\(error)") }
      return found
    }
  }

  @Test func gridAndArmsGiveTheRunsOnce() throws {
    let runs = try manifest().grid().runs
    let arms = runs.prefix(5).map { "\($0.remedy.strategy) \($0.remedy.spelled.lossName)" }
    // The last arm of the list is in the grid already.
    #expect(
      arms == [
        "none cross-entropy", "none focal", "weighted:0.5 cross-entropy", "weighted:0.5 focal",
        "none cross-entropy+inverse-frequency",
      ])
    #expect(runs.map(\.seed) == [0, 0, 0, 0, 0, 4, 4, 4, 4, 4])
    #expect(runs.allSatisfy { $0.epochs == 3 && $0.optimization.learningRate == 0.05 })
  }

  @Test func aSenselessArmOfTheGridIsLeftOutAndNamed() throws {
    let text = Self.text.replacingOccurrences(
      of: "losses: [cross-entropy, focal:2]", with: "losses: [cross-entropy, balanced-softmax]")
    let grid = try manifest(text).grid()
    let arms = grid.runs.prefix(4).map { "\($0.remedy.strategy) \($0.remedy.spelled.lossName)" }
    #expect(
      arms == [
        "none cross-entropy", "none balanced-softmax", "weighted:0.5 cross-entropy",
        "none cross-entropy+inverse-frequency",
      ])
    #expect(grid.leftOut.map(\.name) == ["weighted:0.5, balanced-softmax"])
    #expect(grid.leftOut[0].reason.contains("correct the imbalance twice"))
    // Where none is left, and where it was asked for by itself, it is an error.
    var senseless = try manifest(text)
    senseless.strategies = ["oversample"]
    senseless.losses = ["balanced-softmax"]
    senseless.arms = []
    #expect(throws: BalanceError.self) { try senseless.grid() }
    let listed = Self.text.replacingOccurrences(
      of: "{strategy: none, loss: cross-entropy}",
      with: "{strategy: oversample, loss: balanced-softmax}")
    #expect(throws: BalanceError.self) { _ = try manifest(listed) }
  }

  @Test func keepTestIsReadFromNewSplit() throws {
    let text = Self.text.replacingOccurrences(
      of: "{val: 0.1, test: 0.2, seed: 7}", with: "{val: 0.1, keep-test: true, seed: 7}")
    let data = try manifest(text).data
    #expect(data.newSplit == SplitRequest(keepingTestAs: "keep-test", val: 0.1, seed: 7))
    #expect(data.split == "keep-test")
    let both = text.replacingOccurrences(of: "keep-test: true", with: "keep-test: true, test: 0.1")
    #expect(throws: BalanceError.self) { _ = try manifest(both) }
  }

  @Test func anArmMayHaveItsOwnSeeds() throws {
    let text = Self.text
      .replacingOccurrences(of: "weighted:0.5]", with: "\"weighted:0.5@2\"]")
      .replacingOccurrences(
        of: "class-weights: inverse-frequency",
        with: "class-weights: inverse-frequency, seeds: [4, 7]")
    let runs = try manifest(text).grid().runs
    let names = runs.map {
      "\($0.seed) \($0.remedy.spelled.strategyName) \($0.remedy.spelled.lossName)"
    }
    #expect(names.contains("0 weighted:0.5@2 focal"))
    #expect(
      names.filter { $0.contains("inverse") } == [
        "4 none cross-entropy+inverse-frequency", "7 none cross-entropy+inverse-frequency",
      ])
    #expect(names.count == 10 && Set(names).count == 10)
  }

  @Test(
    arguments: [
      ("strategies:", "stratgies:", "line 13", "did you mean 'strategies'?"),
      ("epochs: 3", "epoch: 3", "line 11", "did you mean 'epochs'?"),
      ("epochs: 3", "seed: 3", "line 11", "give 'seeds: [3]'"),
      ("loss: cross-entropy}", "seed: 3}", "line 17", "give 'seeds: [3]'"),
      (
        "{strategy: none, loss: cross-entropy}", "{class-weights: inverse-frequency}",
        "trial.yaml", "two of the arms are the same"
      ),
      ("${DATA}/pictures", "''", "line 3", "'root' is empty"),
      ("epochs: 3", "epochs: many", "line 11", "epochs: expected a whole number"),
      ("file: table.csv", "fil: table.csv", "line 5", "did you mean 'file'?"),
      ("loss: cross-entropy, class", "loss: cros-entropy, class", "line 16", "'cross-entropy'?"),
      ("[none, weighted:0.5]", "[none, wieghted]", "line 13", "did you mean 'weighted'?"),
      ("seeds: [0, 4]", "seeds: [0, x]", "line 18", "'x' is not a whole number"),
      ("seeds: [0, 4]", "seeds: [4, 4]", "line 18", "a seed is given twice"),
      ("seeds: [0, 4]", "seeds: [0, 4", "line 19", "is not YAML"),
    ])
  func mistakesAreNamedWithTheirLine(old: String, new: String, place: String, words: String)
    throws
  {
    let text = Self.text.replacingOccurrences(of: old, with: new)
    try #require(text != Self.text)
    let error = try #require(throws: BalanceError.self) { _ = try manifest(text) }
    #expect(error.code == .usage)
    #expect("\(error)".contains(place), "\(error)")
    #expect("\(error)".contains(words), "\(error)")
  }

  @Test func variableWithoutValueSaysWhichOption() throws {
    let error = try #require(throws: BalanceError.self) { _ = try manifest(data: nil) }
    #expect(
      "\(error)"
        == "trial.yaml, line 3: the variable ${DATA} has no value; "
        + "say where the data is with --data DIR")
  }

  @Test func armsOfUnequalStepsAreRefused() throws {
    let text = Self.text.replacingOccurrences(
      of: "class-weights: inverse-frequency", with: "epochs: 9")
    let error = try #require(throws: BalanceError.self) { _ = try manifest(text) }
    #expect("\(error)".contains("differ in epochs, batch size"))
  }

  /// A run's manifest names the dataset in a comment, which no line break may end.
  @Test(arguments: [
    "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{1B}", "\u{202E}", "\u{E0041}",
  ])
  func aPathAddsNoSetting(mark: String) throws {
    let path = "photos\(mark)epochs: 3"
    var configuration = TrainingConfiguration()
    try configuration.read(
      yaml: "# balance train \(YAMLText.scalar(path))\nseed: 7\n", file: "manifest.yaml")
    #expect(configuration.epochs == 30 && configuration.seed == 7)
    let manifest = try manifest(
      Self.text.replacingOccurrences(of: "name: trial", with: "name: \(YAMLText.scalar(path))"))
    #expect(manifest.name == path)
  }

  private static let manifests = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("../../manifests").standardizedFileURL

  @Test(arguments: ["digits", "ham10000", "cifar10-lt", "cifar10-lt-remedies"])
  func manifestOfThePackageIsValid(name: String) throws {
    let file = Self.manifests.appendingPathComponent(name + ".yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    let manifest = try ExperimentManifest(
      yaml: text, file: file.path, variables: ["DATA": "/data"])
    #expect(manifest.data.root == "/data")
    let runs = try manifest.grid().runs
    #expect(
      runs.contains { $0.remedy.strategy == .none && $0.remedy.spelled.lossName == "cross-entropy" }
    )
    #expect(Set(runs.map(\.seed)).count >= 2)
  }

  /// Each line stands for ten times the one before: as keys, a parser would follow them all.
  @Test func aliasesOfAliasesAsKeysAreRefused() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let alias = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(alias)]\n"
    }
    text += "? *a9\n: 1\n"
    let error = #expect(throws: BalanceError.self) { try manifest(text) }
    #expect(error?.what.contains("aliases") == true)
    #expect(error?.place == "trial.yaml, line 3")
  }

  @Test func aKeyThatStandsTwiceIsNamed() throws {
    let error = #expect(throws: BalanceError.self) { try manifest(Self.text + "\nseeds: [1]\n") }
    #expect(error?.what == "'seeds' is given twice")
  }
}
