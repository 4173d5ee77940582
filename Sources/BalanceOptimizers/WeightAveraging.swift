public import BalanceCore

/// Whether an exponential moving average (EMA) of the weights is kept, to be evaluated and saved in
/// their place.
public enum WeightAveraging: Spelled {
  /// What becomes of the running statistics of batch norms.
  public enum Buffers: String, CaseIterable, Sendable {
    /// Averaged like the weights (`torch.optim.swa_utils.AveragedModel` with `use_buffers`).
    case average
    /// Those of the weights in training.
    case copy
  }

  case none
  /// a ← a + (1 − decay)(p − a) after each step, a = p after the first (`get_ema_multi_avg_fn`).
  case ema(decay: Double, buffers: Buffers)

  public static let grammar = Grammar<WeightAveraging>(
    "moving average of the weights",
    [
      SpelledForm("none", "the weights themselves", is: .none),
      SpelledForm(
        "ema", "a moving average; copy leaves batch norms' statistics out of it", naming: .none,
        .number("DECAY", .between(0, 1), example: "0.999"),
        .choice("STATISTICS", usual: Buffers.average),
        make: { .ema(decay: $0, buffers: $1) },
        take: { if case .ema(let decay, let buffers) = $0 { (decay, buffers) } else { nil } }),
    ])
}

/// The exponential moving average of a flat buffer.
///
/// One update is `beginUpdate()` once, then `update` for ranges that cover all values, in any order
/// and from any number of threads at once as long as the ranges do not overlap.
public final class MovingAverage: @unchecked Sendable {
  public let decay: Double
  /// The average; zeros before the first update.
  public let values: UnsafeMutableBufferPointer<Float>
  public private(set) var updates = 0

  /// - Precondition: the decay is in 0..<1; 0 keeps a copy.
  public init(decay: Double, count: Int) {
    precondition((0..<1).contains(decay), "a decay of \(decay) is not in 0..<1")
    self.decay = decay
    values = .allocate(capacity: count)
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  public func beginUpdate() { updates += 1 }

  /// - Precondition: as many values as the average has, `range` among them.
  public func update(from source: UnsafeBufferPointer<Float>, range: Range<Int>) {
    precondition(source.count == values.count, "\(source.count) values for \(values.count)")
    let a = UnsafeMutableBufferPointer(rebasing: values[range])
    let p = UnsafeBufferPointer(rebasing: source[range])
    // The first update copies, and so does a decay of 0.
    let share = updates == 1 || decay == 0 ? 1 : Float(1 - decay)
    if share == 1 {
      _ = a.update(from: p)
    } else {
      // Written so that a constant stays what it is.
      for i in 0..<a.count { a[i] += share * (p[i] - a[i]) }
    }
  }

  /// Exchanges the average and `other`'s values.
  public func swap(with other: UnsafeMutableBufferPointer<Float>) {
    precondition(other.count == values.count, "\(other.count) values for \(values.count)")
    for i in 0..<values.count {
      let value = values[i]
      values[i] = other[i]
      other[i] = value
    }
  }

  /// For a checkpoint.
  public struct State: Codable, Hashable, Sendable {
    public let updates: Int
    public let values: [Float]

    public init(updates: Int, values: [Float]) {
      self.updates = updates
      self.values = values
    }
  }

  public var state: State { State(updates: updates, values: Array(values)) }

  /// Takes back a saved state.
  ///
  /// - Throws: `BalanceError` with code `data` where it has another number of values.
  public func restore(_ state: State) throws(BalanceError) {
    guard state.values.count == values.count, state.updates >= 0 else {
      throw BalanceError(
        .data, "the saved average has \(state.values.count) parameters, not \(values.count)",
        remedy: "resume with the model that the run was started with")
    }
    _ = values.update(from: state.values)
    updates = state.updates
  }
}
