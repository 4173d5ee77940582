public import BalanceCore
import BalanceLoading
public import BalanceNetworks
public import BalanceTensors
import Foundation

/// A network in evaluation mode: logits and probabilities for images, in their order, unaugmented.
public final class Evaluator {
  private let plan: EvaluationPlan
  private let network: Network
  private let batchSize: Int

  /// - Throws: as `EvaluationPlan`.
  public init(
    _ network: Network, parameters: Parameters, batchSize: Int, pool: ComputePool,
    options: PlanOptions
  ) throws(BalanceError) {
    plan = try EvaluationPlan(
      network, parameters: parameters, batchSize: batchSize, pool: pool, options: options)
    self.network = network
    self.batchSize = batchSize
  }

  /// What computes the convolutions.
  var convolutions: [PlannedConvolution] { plan.convolutions }

  /// Softmax probabilities for the images at these positions of the data.
  ///
  /// - Parameter check: called before each batch; what it throws ends the work.
  public func predict(
    _ data: LoadedData, _ positions: Range<Int>, check: () throws -> Void = {}
  ) throws -> PredictionTable {
    data.table(
      positions,
      probabilities: try probabilities(
        data.loader(positions, batchSize: batchSize),
        check: {
          try check()
          try data.cache.check()
        }))
  }

  /// Softmax probabilities `[images, classes]` for all that a loader has.
  ///
  /// - Parameter check: as for `predict`.
  func probabilities(_ loader: BatchLoader, check: () throws -> Void = {}) throws -> [Float] {
    refresh()
    var probabilities: [Float] = []
    while let batch = loader.next() {
      try check()
      probabilities += try self.probabilities(batch.pixels, count: batch.count)
    }
    return probabilities
  }

  /// Must be called when the parameters have changed; `predict` does.
  public func refresh() { plan.refresh() }

  /// Softmax probabilities `[count, classes]` for normalized pixels `[count, H, W, C]`.
  public func probabilities(_ pixels: UnsafeBufferPointer<Float>, count: Int)
    throws(BalanceError) -> [Float]
  {
    Self.softmax(try plan.logits(pixels, count: count), classes: network.classes)
  }

  /// p_k = exp(z_k − max z) / Σ_j exp(z_j − max z), row by row, summed in double precision.
  ///
  /// - Parameter logits: `[N, classes]`.
  package static func softmax(_ logits: UnsafeBufferPointer<Float>, classes: Int) -> [Float] {
    var result = [Float](repeating: 0, count: logits.count)
    var row = [Double](repeating: 0, count: classes)
    for start in stride(from: 0, to: logits.count, by: classes) {
      var highest = -Float.infinity
      for c in 0..<classes { highest = max(highest, logits[start + c]) }
      var sum = 0.0
      for c in 0..<classes {
        row[c] = exp(Double(logits[start + c] - highest))
        sum += row[c]
      }
      for c in 0..<classes { result[start + c] = Float(row[c] / sum) }
    }
    return result
  }
}
