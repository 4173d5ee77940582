public import BalanceCore

/// Whether an exponential moving average (EMA) of the weights is kept, to be evaluated and saved in
/// their place.
///
/// Written and read as it is spelled on the command line (`description`).
public enum WeightAveraging: Hashable, Sendable {
  /// What becomes of the running statistics of batch norms.
  public enum Buffers: String, Sendable {
    /// Averaged like the weights (`torch.optim.swa_utils.AveragedModel` with `use_buffers`).
    case average
    /// Those of the weights in training.
    case copy
  }

  case none
  /// a ← a + (1 − decay)(p − a) after each step, a = p after the first (`get_ema_multi_avg_fn`).
  case ema(decay: Double, buffers: Buffers)

  /// Reads "none", "0.999" or "0.999:average", "0.999:copy".
  ///
  /// - Throws: `BalanceError` with code `usage`: a decay lies between 0 and 1.
  public init(parsing text: String) throws(BalanceError) {
    if text == "none" {
      self = .none
      return
    }
    var options = SpelledOptions("ema:" + text, kind: "moving average of the weights")
    options.form = "none, a decay such as 0.999, or 0.999:copy to leave batch norms' statistics out"
    let decay = try options.number { $0 > 0 && $0 < 1 }
    guard let buffers = Buffers(rawValue: options.next() ?? "average") else {
      throw options.refused
    }
    try options.finish()
    self = .ema(decay: decay, buffers: buffers)
  }
}

extension WeightAveraging: CustomStringConvertible, Codable {
  public var description: String {
    switch self {
    case .none: "none"
    case .ema(let decay, .average): "\(decay)"
    case .ema(let decay, .copy): "\(decay):copy"
    }
  }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
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
