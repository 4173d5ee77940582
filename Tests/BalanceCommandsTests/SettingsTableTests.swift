import BalanceCore
import BalanceMonitoring
import BalanceTraining
import Foundation
import Testing

/// Every setting of the table is where users meet it.
@Suite struct SettingsTableTests {
  /// A value of each setting that is not its default.
  static let others = [
    "model": "resnet20", "strategy": "weighted:0.5", "defer-strategy": "3", "loss": "focal:1.5",
    "class-weights": "inverse-frequency", "defer-weights": "4", "epochs": "7", "batch-size": "32",
    "accumulate": "2", "optimizer": "adamw:0.8", "lr": "0.03", "momentum": "0.8",
    "weight-decay": "0.001", "no-decay": "norms-and-biases", "clip": "norm:2.0", "ema": "0.99",
    "schedule": "step:2:0.5", "schedule-by": "step", "warm-up": "epochs:2",
    "early-stopping": "loss:3", "keep": "best:accuracy", "post-hoc": "tau-norm:0.5",
    "augment": "crop:2,flip", "image-size": "24", "channels": "1", "range": "0:4095",
    "conv-algorithm": "direct", "precision": "bf16", "init": "weights.safetensors",
    "new-head": "true", "freeze": "stage1", "freeze-batch-norm": "true", "unfreeze-at": "5",
    "head-rate": "2.0", "backbone-rate": "0.1", "seed": "9", "threads": "1",
  ]

  private func other() throws -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    for (name, text) in Self.others { try configuration.set(name, to: text) }
    return configuration
  }

  @Test func everySettingHasAnotherValueHere() throws {
    #expect(Set(Self.others.keys) == Set(TrainingSetting.names))
    let (usual, other) = (TrainingConfiguration().settings, try other().settings)
    for name in TrainingSetting.names {
      #expect(other[name] == Self.others[name] && usual[name] != other[name], "\(name)")
    }
  }

  @Test func helpHasEverySettingWithItsDefault() throws {
    let help = try BalanceBinary.run("train", "--help").out
    let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for setting in TrainingSetting.all {
      let option = setting.isFlag ? "--\(setting.name) " : "--\(setting.name) <"
      #expect(words.contains(option), "\(setting.name)")
      #expect(words.contains(setting.helpWithDefault), "\(setting.helpWithDefault)")
      #expect(
        setting.isFlag || setting.helpWithDefault.contains("(default: \(setting.defaultText)"))
    }
  }

  @Test func aManifestHasEverySetting() throws {
    let other = try other()
    var read = TrainingConfiguration()
    let lines = other.yaml.split(separator: "\n").map { $0.components(separatedBy: ": ") }
    #expect(lines.map(\.[0]) == TrainingSetting.names)
    for line in lines {
      try read.set(line[0], to: line[1].trimmingCharacters(in: ["\""]))
    }
    #expect(read == other)
  }

  @Test func aDiffNamesEverySetting() throws {
    try withTemporaryFolder { folder in
      for (name, configuration) in [("a", TrainingConfiguration()), ("b", try other())] {
        let run = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
        try CanonicalJSON.encode(Origin(settings: configuration.settings))
          .write(to: run.appendingPathComponent("origin.json"))
      }
      let result = try BalanceBinary.run("diff", "a", "b", "--json", in: folder)
      let difference = try CanonicalJSON.decode(RunDifference.self, from: Data(result.out.utf8))
      #expect(difference.settings.count == TrainingSetting.all.count)
      for setting in TrainingSetting.all {
        let item = difference.settings.first { $0.name == setting.name }
        #expect(item?.first == setting.defaultText, "\(setting.name)")
        #expect(item?.second == Self.others[setting.name], "\(setting.name)")
      }
    }
  }

  /// As a run that was begun writes it.
  private struct Origin: Encodable {
    let settings: [String: String]
    var dataset = "/data"
    var index = "/data/index.sqlite"
    var split = "default"
    var allowLeak = false
    var splitHash = "0"
    var classNames = ["a", "b"]
    var imagesHash = "0"
    var started = Date(timeIntervalSince1970: 0)
    var machine = RunRecord.Machine(
      processor: "p", cores: 1, threads: 1, instructionSet: "i", versions: [:])
  }

  /// README's table of settings is made of the same.
  @Test func readmeHasTheTable() throws {
    let place = GoldenFile.project.appendingPathComponent("README.md")
    let readme = try String(contentsOf: place, encoding: .utf8)
    let ends = ["<!-- settings -->\n", "<!-- end of settings -->\n"]
    let before = try #require(readme.components(separatedBy: ends[0]).first)
    let after = try #require(readme.components(separatedBy: ends[1]).last)
    var table = ""
    for section in TrainingSetting.Section.allCases {
      let settings = TrainingSetting.all.filter { $0.section == section }
      table += "| \(section.rawValue) | |\n| --- | --- |\n"
      for setting in settings {
        let help = setting.helpWithDefault.replacing("|", with: "\\|")
        table += "| `--\(setting.name)` | \(help) |\n"
      }
      table += "\n"
    }
    try GoldenFile.expect(before + ends[0] + "\n" + table + ends[1] + after, at: "README.md")
  }
}
