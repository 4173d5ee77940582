import BalanceComparisons
import BalanceCore

/// What was run: what differs first, everything folded below.
struct RunsSection {
  struct Differing {
    let name: String
    let values: [String]
  }

  struct Fingerprint {
    let number: Int
    let name: String
    let text: String
  }

  struct Run {
    let name: String
    let arm: String
    let seed: String
    let accuracy: String
    let macroF1: String
    let validation: String
    let steps: String
    let drawn: String
    let distinct: String
    let seconds: String
    let split: String
  }

  struct SharedSetting {
    let name: String
    let value: String
  }

  let hasDiffering: Bool
  let heads: [String]
  let differing: [Differing]
  let fingerprints: [Fingerprint]
  let runs: [Run]
  let runCount: String
  let shared: [SharedSetting]
  let machines: [String]

  init(_ comparison: Comparison, numbers: [Int]) {
    heads = comparison.arms.map(\.name)
    differing = comparison.differingSettings.map {
      Differing(name: $0.name, values: $0.values.map { $0.joined(separator: ", ") })
    }
    hasDiffering = !differing.isEmpty
    fingerprints = comparison.ranking.order.map {
      let arm = comparison.arms[$0]
      return Fingerprint(
        number: numbers[$0], name: arm.name,
        text: "sampling \(arm.strategy); \(arm.lossFingerprint); model \(arm.model)")
    }
    let scores = comparison.arms.flatMap { arm in arm.seeds.map { (arm, $0) } }
    let finished = zip(comparison.runs, scores).map { record, entry in
      let (arm, seed) = entry
      let accuracy = comparison.data.testSharesDiffer ? seed.priorWeightedAccuracy : seed.accuracy
      return Run(
        name: record.name, arm: arm.name, seed: "\(record.seed)",
        accuracy: Figures.percent(accuracy), macroF1: Figures.fixed(seed.macroF1),
        validation: seed.validationMacroF1.map { Figures.fixed($0) } ?? "–",
        steps: Figures.count(record.optimizerSteps), drawn: Figures.count(record.imagesDrawn),
        distinct: Figures.count(record.distinctPerClass.reduce(0, +)),
        seconds: Figures.fixed(record.seconds, digits: 1),
        split: String(record.splitHash.prefix(12)))
    }
    runs = finished + comparison.diverged.map { Run($0) }
    runCount = Figures.counted(runs.count, "run")
    let hidden = Set(comparison.differingSettings.map(\.name))
      .union(["strategy", "loss", "seed", "out", "name"])
    shared = (comparison.runs.first?.settings ?? [:]).filter { !hidden.contains($0.key) }
      .sorted { $0.key < $1.key }.map { SharedSetting(name: $0.key, value: $0.value) }
    machines = Set(comparison.runs.map(\.machine)).map { machine in
      let versions = machine.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      return "\(machine.processor), \(Figures.counted(machine.cores, "core")), "
        + "\(Figures.counted(machine.threads, "thread")), \(machine.instructionSet); "
        + versions.joined(separator: ", ")
    }.sorted()
  }

  static let template = """
    <section aria-labelledby="runs-h"><h2 id="runs-h">Runs and settings</h2>
    {{#hasDiffering}}<p>Besides strategy, loss and seed, the runs differ in:</p>\
    <div class="scroll" tabindex="0" role="region" aria-label="Differing settings"><table><thead>\
    <tr><th scope="col">Setting</th>{{#heads}}<th scope="col">{{.}}</th>{{/heads}}</tr></thead>\
    <tbody>{{#differing}}<tr><th scope="row">{{name}}</th>{{#values}}<td>{{.}}</td>{{/values}}</tr>\
    {{/differing}}</tbody></table></div>{{/hasDiffering}}\
    {{^hasDiffering}}<p>The runs differ in strategy, loss and seed only.</p>{{/hasDiffering}}
    <details><summary>What each remedy is, exactly</summary><dl>{{#fingerprints}}<dt>{{number}} \
    {{name}}</dt><dd>{{text}}</dd>{{/fingerprints}}</dl></details>
    <details><summary>Every run ({{runCount}})</summary><div class="scroll tall" tabindex="0" \
    role="region" aria-label="Every run"><table class="runs"><thead><tr><th scope="col">Run</th>\
    <th scope="col">Remedy</th><th scope="col" class="n">Seed</th>\
    <th scope="col" class="n">Accuracy</th><th scope="col" class="n">Macro F1</th>\
    <th scope="col" class="n">Macro F1, validation</th><th scope="col" class="n">Steps</th>\
    <th scope="col" class="n">Images drawn</th><th scope="col" class="n">Distinct images</th>\
    <th scope="col" class="n">Seconds</th><th scope="col">Split</th></tr></thead><tbody>{{#runs}}\
    <tr><th scope="row">{{name}}</th><td>{{arm}}</td><td class="n">{{seed}}</td>\
    <td class="n">{{accuracy}}</td><td class="n">{{macroF1}}</td><td class="n">{{validation}}</td>\
    <td class="n">{{steps}}</td><td class="n">{{drawn}}</td><td class="n">{{distinct}}</td>\
    <td class="n">{{seconds}}</td><td><code>{{split}}</code></td></tr>
    {{/runs}}</tbody></table></div></details>
    <details><summary>Settings that all runs share, and the machine</summary><dl>{{#shared}}\
    <dt>{{name}}</dt><dd>{{value}}</dd>{{/shared}}{{#machines}}<dt>machine</dt><dd>{{.}}</dd>\
    {{/machines}}</dl></details></section>
    """
}

extension RunsSection.Run {
  /// A run without figures.
  fileprivate init(_ diverged: DivergedRun) {
    let record = diverged.record
    self.init(
      name: record.name, arm: diverged.arm, seed: "\(record.seed)", accuracy: "diverged",
      macroF1: "–", validation: "–", steps: Figures.count(record.optimizerSteps),
      drawn: Figures.count(record.imagesDrawn),
      distinct: Figures.count(record.distinctPerClass.reduce(0, +)),
      seconds: Figures.fixed(record.seconds, digits: 1), split: String(record.splitHash.prefix(12)))
  }
}
