import BalanceCore
import Foundation
import Testing

@Suite struct RemedyTests {
  @Test(arguments: [
    (Remedy(), "none, cross-entropy"),
    (Remedy(strategy: "weighted:0.5", strategyFrom: 25), "weighted:0.5@25, cross-entropy"),
    (
      Remedy(
        loss: "focal", classWeights: "inverse-frequency", weightsFrom: 40, postHoc: "tau-norm:0.7"),
      "none, focal+inverse-frequency@40, tau-norm:0.7"
    ),
  ])
  func hasOneSpelling(_ remedy: Remedy, _ text: String) {
    #expect("\(remedy)" == text)
    let strategy = Remedy.parts(ofStrategy: remedy.strategyName)
    #expect(strategy == (remedy.strategy, remedy.strategyFrom.map(String.init)))
    let loss = Remedy.parts(ofLoss: remedy.lossName)
    #expect(loss.loss == remedy.loss && loss.weights ?? "none" == remedy.classWeights)
    #expect(loss.from == remedy.weightsFrom.map(String.init))
  }

  @Test func onlyNothingIsPlain() {
    #expect(Remedy().isPlain)
    for remedy in [
      Remedy(strategy: "weighted"), Remedy(loss: "focal"), Remedy(classWeights: "custom:1,2"),
      Remedy(postHoc: "temperature"),
    ] { #expect(!remedy.isPlain) }
  }

  /// Records of earlier versions have no remedy; their settings say it.
  @Test func recordsOfEarlierVersionsHaveOne() throws {
    let settings = [
      "strategy": "weighted", "defer-strategy": "3", "loss": "focal:2.0",
      "class-weights": "inverse-frequency", "defer-weights": "none", "post-hoc": "temperature",
    ]
    var record = RunRecord(
      name: "r", strategy: "weighted", loss: "focal", lossFingerprint: "f", model: "cnn", seed: 0,
      settings: settings, trainingCounts: ClassCounts(names: ["a"], counts: [1]),
      optimizerSteps: 1, imagesDrawn: 1, drawsPerClass: [1], distinctPerClass: [1], seconds: 1,
      finished: Date(timeIntervalSince1970: 0), splitHash: "0", allowedLeaks: [],
      machine: RunRecord.Machine(
        processor: "p", cores: 1, threads: 1, instructionSet: "i", versions: [:]))
    #expect(
      record.knownRemedy
        == Remedy(
          strategy: "weighted", strategyFrom: 3, loss: "focal",
          classWeights: "inverse-frequency", postHoc: "temperature"))
    record.remedy = Remedy(loss: "ldam")
    let read = try CanonicalJSON.decode(RunRecord.self, from: CanonicalJSON.encode(record))
    #expect(read.knownRemedy == Remedy(loss: "ldam"))
  }
}
