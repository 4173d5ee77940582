import BalanceCore
import BalanceNetworks

/// The weights of the epoch with the best validation figure so far.
final class BestWeights {
  let metric: ValidationMetric
  private let parameters: Parameters
  private(set) var state = State()

  /// For a checkpoint.
  struct State: Codable, Hashable {
    /// From 0; nil before the first validation.
    var epoch: Int?
    var figure: Double?
    /// Trainable values and running statistics, laid out as in `Parameters`; empty without an
    /// epoch.
    var values: [Float] = []
    var buffers: [Float] = []

    /// The arrays are saved apart from the rest.
    enum CodingKeys: CodingKey { case epoch, figure }
  }

  /// Nil where the last epoch's weights are wanted.
  init?(_ choice: WeightChoice, of parameters: Parameters) {
    guard case .best(let metric) = choice else { return nil }
    self.metric = metric
    self.parameters = parameters
  }

  /// Keeps the network's weights where this epoch's figure is the best so far.
  func observe(_ figure: Double, epoch: Int) {
    guard metric.isBetter(figure, than: state.figure) else { return }
    state = State(
      epoch: epoch, figure: figure, values: Array(parameters.values),
      buffers: Array(parameters.bufferValues))
  }

  /// - Throws: `BalanceError` with code `data` where the state belongs to another network.
  func restore(_ state: State) throws(BalanceError) {
    guard
      state.epoch == nil
        || state.values.count == parameters.values.count
          && state.buffers.count == parameters.bufferValues.count
    else {
      throw BalanceError(
        .data,
        "the saved best weights have \(state.values.count) parameters, not "
          + "\(parameters.values.count)",
        remedy: "resume with the model that the run was started with")
    }
    self.state = state
  }

  /// Gives the network the best weights, where there are any.
  func take() {
    guard state.epoch != nil else { return }
    _ = parameters.values.update(from: state.values)
    _ = parameters.bufferValues.update(from: state.buffers)
  }

  /// Which weights are kept, as a sentence; nil before the first validation.
  var description: String? {
    guard let epoch = state.epoch, let figure = state.figure else { return nil }
    return "the weights of epoch \(epoch + 1) are kept: best validation \(metric.title), \(figure)"
  }
}
