import BalanceCore
import BalanceLoading
import BalanceNetworks
import BalanceTensors

/// Predicts images of a run's data by the run's parameters as they are.
protocol Predictor: AnyObject {
  /// Softmax probabilities for the images at these positions of the data.
  ///
  /// - Parameter check: called before each batch; what it throws ends the work.
  func predict(_ positions: Range<Int>, check: () throws -> Void) throws -> PredictionTable
  /// What trains the same parameters, but for those of frozen nodes.
  func trained(frozen: Set<Int>, pool: ComputePool) throws(BalanceError) -> any TrainedPart
}

extension ResolvedConfiguration {
  /// Goes by the head alone where its features can be computed once, else by the whole network.
  func predictor(
    _ data: LoadedData, _ parameters: Parameters, frozen: Set<Int>, pool: ComputePool
  ) throws(BalanceError) -> any Predictor {
    if let features = try FeaturePredictor(
      data, configuration: self, parameters: parameters, frozen: frozen, pool: pool)
    {
      return features
    }
    return try NetworkPredictor(data, configuration: self, parameters: parameters, pool: pool)
  }
}

/// The whole network, from pixels to probabilities.
final class NetworkPredictor: Predictor {
  let data: LoadedData
  let configuration: ResolvedConfiguration
  let parameters: Parameters
  private let evaluator: Evaluator

  init(
    _ data: LoadedData, configuration: ResolvedConfiguration, parameters: Parameters,
    pool: ComputePool
  ) throws(BalanceError) {
    self.data = data
    self.configuration = configuration
    self.parameters = parameters
    evaluator = try Evaluator(
      parameters.network, parameters: parameters, batchSize: configuration.batchSize, pool: pool,
      options: configuration.planOptions)
  }

  /// What computes the convolutions.
  var convolutions: [PlannedConvolution] { evaluator.convolutions }

  func predict(_ positions: Range<Int>, check: () throws -> Void) throws -> PredictionTable {
    try evaluator.predict(data, positions, check: check)
  }

  func trained(frozen: Set<Int>, pool: ComputePool) throws(BalanceError) -> any TrainedPart {
    try WholeNetwork(self, frozen: frozen, pool: pool)
  }
}
