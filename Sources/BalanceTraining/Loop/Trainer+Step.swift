import BalanceCore
import BalanceLoading
import BalanceNetworks
import BalanceObjectives
import BalanceOptimizers
import BalanceTensors

extension Trainer {
  /// The next optimizer step of the epoch; nil where no batch is left.
  ///
  /// - Throws: `BalanceError` where the loss is not finite, or pixels cannot be read any more, and
  ///   `TrainingStopped`.
  func takeStep(_ batches: any BatchSource) throws -> TrainingEvent.StepEnded? {
    let rate = rates.rate(step: position.step)
    guard
      let outcome = try takeStep(
        batches, number: position.epoch * batchesPerEpoch + position.batch, rate: rate,
        momentum: rates.momentum(step: position.step))
    else { return nil }
    guard outcome.loss.isFinite else {
      let value = outcome.loss.isNaN ? "not a number" : "infinite"
      throw diverged(
        "the loss became \(value) at step \(position.step + 1) of \(totalSteps), learning rate \(rate)"
      )
    }
    averaged?.update()
    position.note(loss: outcome.loss)
    position.lossSum += outcome.loss * outcome.weight
    position.weightSum += outcome.weight
    position.learningRate = rate
    position.step += 1
    position.batch += outcome.batches
    return .init(
      step: position.step - 1, epoch: position.epoch, count: outcome.images, loss: outcome.loss,
      learningRate: rate)
  }

  /// What one optimizer step took and found.
  struct StepOutcome {
    var batches = 0
    var images = 0
    /// Mean over the images (weighted where classes are), before the step; not finite where the
    /// parameters were left as they are.
    var loss = 0.0
    /// Σ w_y of the images; see `Loss.totalWeight`.
    var weight = 0.0
  }

  /// One optimizer step over the next `accumulation` batches, or those that are left of an epoch;
  /// nil where none is. A stop that is asked for within a step of several batches undoes the step.
  ///
  /// - Parameter number: of the first batch, over all epochs: what dropout's randomness is keyed
  ///   by.
  func takeStep(_ source: any BatchSource, number: Int, rate: Double, momentum: Double?) throws
    -> StepOutcome?
  {
    var outcome = StepOutcome()
    var lossSum = 0.0
    // All that the batches before the last change.
    let statistics = accumulator == nil ? [] : Array(parameters.bufferValues)
    while outcome.batches < configuration.accumulation, let batch = source.next() {
      if outcome.batches > 0, stop.isMade {
        _ = parameters.bufferValues.update(from: statistics)
        accumulator?.discard()
        try checkStop()
      }
      try data.cache.check()
      let loss = try computeGradients(batch, number: number + outcome.batches)
      let weight = objective.totalWeight(of: batch.targets)
      outcome.batches += 1
      outcome.images += batch.count
      outcome.weight += weight
      lossSum += loss * weight
      guard loss.isFinite else {
        outcome.loss = loss
        return outcome
      }
      // A single batch needs no mean over batches; this keeps its very value.
      outcome.loss =
        outcome.batches == 1 ? loss : lossSum / max(outcome.weight, .leastNonzeroMagnitude)
      accumulator?.add(parameters.gradients, weight: weight, on: pool)
    }
    guard outcome.batches > 0 else { return nil }
    accumulator?.finish(into: parameters.gradients, on: pool)
    optimizer.step(parameters, learningRate: rate, momentum: momentum, on: pool)
    return outcome
  }

  /// Overwrites the parameters' gradients with those of a batch's mean loss, and returns the loss;
  /// one that is not finite leaves them alone.
  private func computeGradients(_ batch: Batch, number: Int) throws(BalanceError) -> Double {
    let logits = try part.forward(
      batch, PlanRandomness(seed: configuration.seed, step: number))
    let slice = UnsafeMutableBufferPointer(
      rebasing: gradient[..<(batch.count * network.classes)])
    let loss = objective.evaluate(
      logits: logits, targets: batch.targets, classes: network.classes, gradient: slice)
    if loss.isFinite { part.backward(UnsafeBufferPointer(slice)) }
    return loss
  }

  /// Notes that the run has diverged, and gives the error that ends it.
  func diverged(_ reason: String) -> BalanceError {
    divergence = RunRecord.Divergence(step: position.step, reason: reason)
    let slower = "a smaller --lr, such as \(configuration.learningRate / 10)"
    let remedy =
      checkpoint.map {
        "go back to the last checkpoint, of step \($0.step), with --init \(ShellText.word($0.path)) "
          + "and \(slower), or start again with it"
      } ?? "try \(slower)"
    return BalanceError(.data, reason, remedy: remedy)
  }
}
