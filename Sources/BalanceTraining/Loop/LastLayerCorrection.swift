import BalanceCore
import BalanceMetrics
import BalanceNetworks
import BalanceObjectives
import Foundation

/// Changes the last layer of a trained network as a `PostHoc` says.
struct LastLayerCorrection {
  private let parameters: Parameters
  private let counts: ClassCounts

  /// - Parameter counts: training images a class.
  init(_ parameters: Parameters, _ counts: ClassCounts) {
    self.parameters = parameters
    self.counts = counts
  }

  /// Says what was done, nil for nothing.
  ///
  /// - Parameter validation: predicts the validation images; called where the correction needs it.
  /// - Throws: `BalanceError` for a last layer that cannot take it; what `validation` throws.
  func apply(_ correction: PostHoc, validation: () throws -> PredictionTable) throws -> String? {
    switch correction {
    case .none: return nil
    case .logitAdjustment(let tau):
      try adjustLogits(tau: tau)
      return "the last layer's bias has \(tau) · log of the training shares taken off"
    case .tauNormalization(let tau):
      let head = try head()
      TauNormalization.apply(to: head.weight, classes: parameters.network.classes, tau: tau)
      head.bias.update(repeating: 0)
      return "the last layer's rows are divided by their length to the power \(tau), its bias is 0"
    case .temperature: return try scaleTemperature(validation())
    }
  }

  /// A class without training images is treated like the commonest one: a prior of 0 would make it
  /// the likeliest of all.
  private func adjustLogits(tau: Double) throws {
    let counts = counts.counts
    let offsets = LogitAdjustment(counts: counts, tau: tau).offsets
    let lowest = offsets.min() ?? 0
    let bias = try head().bias
    for c in bias.indices {
      bias[c] = Float(Double(bias[c]) + (counts[c] == 0 ? lowest : offsets[c]))
    }
  }

  private func scaleTemperature(_ table: PredictionTable) throws -> String {
    // Log probabilities are logits but for a constant a row.
    let logits = table.probabilities.map { log(max($0, .leastNonzeroMagnitude)) }
    let labels = table.truth.map { Int32($0) }
    let scaling = logits.withUnsafeBufferPointer { logits in
      labels.withUnsafeBufferPointer { labels in
        TemperatureScaling(logits: logits, labels: labels, classes: parameters.network.classes)
      }
    }
    let head = try head()
    for values in [head.weight, head.bias] {
      for i in values.indices { values[i] = Float(Double(values[i]) / scaling.temperature) }
    }
    return String(
      format: "the last layer is divided by the temperature %.4g: validation loss %.4f before, "
        + "%.4f after", scaling.temperature, scaling.plainLoss, scaling.fittedLoss)
  }

  /// Weights and bias of a linear last layer.
  private func head() throws(BalanceError) -> (
    weight: UnsafeMutableBufferPointer<Float>, bias: UnsafeMutableBufferPointer<Float>
  ) {
    guard let name = parameters.network.headName, !parameters.network.hasCosineHead,
      let weight = parameters.tensor(named: name + ".weight"),
      let bias = parameters.tensor(named: name + ".bias")
    else {
      throw BalanceError(
        .usage, "the last layer is not linear with a bias, and cannot take it", at: "post-hoc",
        remedy: "leave it out, or take a loss that does not need a layer of cosines")
    }
    return (weight, bias)
  }
}
