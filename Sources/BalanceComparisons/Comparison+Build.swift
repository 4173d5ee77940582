public import BalanceCore

extension Comparison {
  /// Compares runs of one dataset.
  ///
  /// Runs that differ in more than the remedy (steps, split, training images) are compared all
  /// the same, but an invalidating alert says so and no winner is declared.
  ///
  /// - Parameters:
  ///   - diverged: runs of the same experiment without predictions, to be named.
  ///   - threads: how many draw; nil for as many as there are cores. The result is the same for
  ///     any number.
  /// - Complexity: draws × runs × (distinct answer patterns + classes), shared by the threads.
  /// - Throws: `BalanceError` (`data`) if there are no runs or no test images, or if the runs were
  ///   asked different classes or images; (`usage`) for options or threads out of range.
  public init(
    _ runs: [ComparedRun], diverged: [RunRecord] = [],
    options: ComparisonOptions = ComparisonOptions(), threads: Int? = nil
  ) throws(BalanceError) {
    if runs.isEmpty, let first = diverged.first {
      throw BalanceError(
        .data,
        "every run diverged; the first: \(first.divergence?.reason ?? "no reason is known")",
        at: first.name, remedy: "train with a smaller learning rate")
    }
    guard options.draws >= 1, options.coverage > 0, options.coverage < 1, options.tolerance >= 0
    else {
      throw BalanceError(
        .usage,
        "a comparison needs at least 1 bootstrap draw, a coverage between 0 and 1 and a "
          + "tolerance of 0 or more, not \(options.draws), \(options.coverage) and "
          + "\(options.tolerance)")
    }
    let threads = threads ?? MachineLimits.cores
    try MachineLimits.check(threads: threads, at: "threads")
    let set = try TestSet(runs)
    for run in runs where run.record.trainingCounts.names != set.classNames {
      throw BalanceError(
        .data, "its training counts and its predictions name different classes",
        at: run.record.name, remedy: "train the run again")
    }
    let builder = ComparisonBuilder(runs, diverged: diverged, set: set, options: options)
    self = builder.build(threads: threads)
  }
}
