import BalanceCore

/// Finds what a reader has to know before the figures.
enum AlertWriter {
  typealias Alert = Comparison.Alert

  /// What limits a comparison on these test images.
  ///
  /// - Parameter occurring: classes with test images, or that some run has predicted.
  static func testSet(
    _ data: Comparison.DataSummary, occurring: Set<Int>, options: ComparisonOptions
  ) -> [Alert] {
    var alerts: [Alert] = []
    let names = data.testCounts.names
    let absent = names.indices.filter { data.testCounts.counts[$0] == 0 }
    if !absent.isEmpty {
      let predicted = absent.filter(occurring.contains)
      let counted =
        predicted.isEmpty
        ? "" : ", except that it is 0 in runs that predict \(some(predicted.map { names[$0] }))"
      alerts.append(
        Alert(
          level: .warning,
          title: "\(Figures.counted(absent.count, "class", "classes")) without test images",
          detail: "\(some(absent.map { names[$0] })): macro F1 leaves "
            + "\(absent.count == 1 ? "it" : "them") out\(counted). Split the data so that every "
            + "class has test images."))
    }
    let untrained = names.indices.filter { data.trainingCounts.counts[$0] == 0 }
    if !untrained.isEmpty {
      alerts.append(
        Alert(
          level: .warning,
          title: "\(Figures.counted(untrained.count, "class", "classes")) without training images",
          detail: "\(some(untrained.map { names[$0] })): no model could learn them."))
    }
    let thin = names.indices.filter {
      (1..<options.minimumTestImages).contains(data.testCounts.counts[$0])
    }
    if !thin.isEmpty {
      alerts.append(
        Alert(
          level: .note,
          title: "\(Figures.counted(thin.count, "class", "classes")) with under "
            + "\(options.minimumTestImages) test images",
          detail: "\(some(thin.map { names[$0] })): not judged one by one, though they count in "
            + "macro F1 and in the bands."))
    }
    return alerts
  }

  /// At most six names, and how many more there are.
  static func some(_ names: [String]) -> String {
    names.count <= 6
      ? Figures.list(names)
      : names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more"
  }
}

extension ComparisonBuilder {
  /// What the runs themselves give rise to.
  func alerts() -> [Comparison.Alert] {
    let records = grouping.members.flatMap { $0.map { runs[$0].record } }
    return unmatched(records) + seedAlerts() + machineAlerts(records)
  }

  private func unmatched(_ records: [RunRecord]) -> [Comparison.Alert] {
    var alerts: [Comparison.Alert] = []
    func invalid(_ title: String, _ detail: String) {
      alerts.append(Comparison.Alert(level: .invalidating, title: title, detail: detail))
    }
    let leaks = Set(records.flatMap(\.allowedLeaks)).sorted()
    if !leaks.isEmpty {
      invalid(
        "The split leaks, and the runs were told to train all the same",
        "\(AlertWriter.some(leaks)). Scores on leaked images are too good; split again without "
          + "leaks.")
    }
    let data = records.compactMap(\.data)
    if Set(records.map(\.splitHash)).count == 1, let first = data.first,
      !data.allSatisfy(first.matches)
    {
      invalid(
        "The runs saw different data",
        "\(spread(records) { String(($0.data?.imagesHash ?? "unknown").prefix(12)) }). Labels, files or "
          + "groups changed between the runs; train all arms on the same data.")
    }
    if Set(records.map(\.splitHash)).count > 1 {
      invalid(
        "The runs used different splits",
        "\(spread(records, \.splitHash)). Differences mix the remedy with the luck of the split; "
          + "train all arms on one split.")
    }
    if Set(records.map(\.trainingCounts)).count > 1 {
      invalid(
        "The runs had different training images",
        "Class counts differ between runs; train all arms on the same images.")
    }
    if Set(records.map(\.optimizerSteps)).count > 1 {
      invalid(
        "The runs took different numbers of optimizer steps",
        "\(spread(records) { "\(Figures.count($0.optimizerSteps)) steps" }). An arm that trained "
          + "longer may win for that alone; train all arms for the same number of steps.")
    }
    return alerts
  }

  private func seedAlerts() -> [Comparison.Alert] {
    var alerts: [Comparison.Alert] = []
    func alert(_ level: Comparison.Alert.Level, _ title: String, _ detail: String) {
      alerts.append(Comparison.Alert(level: level, title: title, detail: detail))
    }
    let seeds = grouping.members.map { Set($0.map { runs[$0].record.seed }) }
    let all = seeds.reduce(Set()) { $0.union($1) }
    for (index, own) in seeds.enumerated() where own != all {
      let missing = all.subtracting(own).sorted().map(String.init)
      alert(
        .warning, "\(grouping.names[index]) lacks \(Figures.counted(missing.count, "seed"))",
        "Seed \(AlertWriter.some(missing)) is missing; differences use the seeds that both arms "
          + "have.")
      if own.isDisjoint(with: seeds[grouping.references[index]]) {
        alert(
          .warning, "\(grouping.names[index]) shares no seed with its reference",
          "No paired difference can be given; train both with the same seeds.")
      }
    }
    let most = seeds.map(\.count).max() ?? 0
    if most == 1 {
      alert(
        .warning, "One seed: the variation over seeds is unmeasured",
        "Intervals cover the test images only. Another seed may give another order; 5 seeds or "
          + "more are better.")
    } else if most <= 3 {
      alert(
        .note, "Only \(most) seeds",
        "Resampling so few understates the spread over seeds, and the sign-flip test cannot go "
          + "below p = \(Figures.fixed(SignFlipTest.minimum(pairs: most))).")
    }
    if !grouping.repeated.isEmpty {
      alert(
        .warning,
        "\(Figures.counted(grouping.repeated.count, "run")) left out as "
          + (grouping.repeated.count == 1 ? "a repeat" : "repeats"),
        "\(AlertWriter.some(grouping.repeated)): same arm and seed as another run, of which the "
          + "one that finished last is kept.")
    }
    return alerts
  }

  /// What may make results differ in their last bits though nothing else does.
  private func machineAlerts(_ records: [RunRecord]) -> [Comparison.Alert] {
    var alerts: [Comparison.Alert] = []
    func note(_ title: String, _ detail: String) {
      alerts.append(Comparison.Alert(level: .note, title: title, detail: detail))
    }
    if Set(records.map { [$0.machine.processor, $0.machine.instructionSet] }).count > 1 {
      note(
        "The runs were computed on different machines",
        "\(spread(records, \.machine.processor)). Results differ in rounding, and times do not "
          + "compare.")
    }
    if Set(records.map(\.machine.threads)).count > 1 {
      note(
        "The runs were computed on different numbers of threads",
        "\(spread(records) { Figures.counted($0.machine.threads, "thread") }). Results differ in "
          + "rounding, and times do not compare.")
    }
    let names = Set(records.flatMap(\.machine.versions.keys)).sorted()
    let differing = names.filter { name in
      Set(records.map { $0.machine.versions[name] ?? "none" }).count > 1
    }
    if !differing.isEmpty {
      let versions = differing.map { name in
        spread(records) { "\(name) \($0.machine.versions[name] ?? "none")" }
      }
      note(
        "The runs were computed by different versions",
        "\(versions.joined(separator: "; ")). Results may differ in rounding; what a version changed "
          + "besides, its change log says.")
    }
    return alerts
  }

  /// `A (3 runs), B (2 runs)`.
  private func spread(_ records: [RunRecord], _ value: (RunRecord) -> String) -> String {
    var counts: [String: Int] = [:]
    for record in records { counts[value(record), default: 0] += 1 }
    return AlertWriter.some(
      counts.sorted { $0.key < $1.key }.map { "\($0.key) (\(Figures.counted($0.value, "run")))" })
  }
}
