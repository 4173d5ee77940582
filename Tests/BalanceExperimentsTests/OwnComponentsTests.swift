import BalanceComparisons
import BalanceCore
import BalanceDatasets
import BalanceExperiments
import BalanceNetworks
import BalanceTraining
import Foundation
import Testing

/// Experiments whose runs train a network and by a rule of the user's own.
@Suite struct OwnComponentsTests {
  private static func components(_ configuration: TrainingConfiguration, filters: Int) throws
    -> TrainingComponents
  {
    var components = try TrainingComponents(configuration)
    components.useNetwork("narrow\(filters)") { (input, classes) throws(BalanceError) in
      var builder = NetworkBuilder()
      var x = builder.convolutionNorm("stem.", index: 1, builder.input, filters: filters)
      x = builder.append("pool", .globalAveragePool, x)
      _ = builder.append("fc", .linear(.init(outputs: classes)), x)
      return try builder.network("narrow", input: input, classes: classes)
    }
    return components
  }

  @Test func theyAreComparedKeptAndToldApart() throws {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("balance-own-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    var digits = LongTailedDigits()
    digits.maximum = 8
    digits.imbalanceRatio = 4
    digits.validation = 1
    digits.test = 1
    try digits.write(to: place.appendingPathComponent("digits"))
    let index = try DatasetIndex.prepare(
      root: place.appendingPathComponent("digits"), threads: 1, progress: SilentProgress())
    var training = TrainingConfiguration()
    (training.epochs, training.batchSize, training.threads) = (1, 16, 1)
    let manifest = ExperimentManifest(
      name: "own", data: .init(root: index.root.path), training: training,
      strategies: ["none", "weighted"], losses: ["cross-entropy"], seeds: [0])
    /// Gives the folder's lock back, as a result holds it.
    func run(filters: Int) throws -> (reused: Int, arms: Int, runs: [RunFolder]) {
      let result = try Experiment(manifest, folder: place.appendingPathComponent("out")) {
        try Self.components($0, filters: filters)
      }.run(index, cacheFolder: index.cacheFolder, progress: SilentProgress())
      return (result.reused, result.comparison.arms.count, result.runs)
    }
    let first = try run(filters: 4)
    #expect(first.reused == 0 && first.arms == 2 && first.runs.count == 2)
    for folder in first.runs {
      #expect(try folder.record().settings["model"] == "narrow4")
      #expect(try folder.model().network.name == "narrow")
    }
    let paths = first.runs.map(\.url.path)
    let again = try run(filters: 4)
    #expect(again.reused == 2 && again.runs.map(\.url.path) == paths)
    // A network of another name is another run.
    let wider = try run(filters: 6)
    #expect(wider.reused == 0 && Set(wider.runs.map(\.url.path)).isDisjoint(with: paths))
  }
}
