public import BalanceCore
public import BalanceTensors

/// What computes one convolution of a plan: listed with each run, since bits and timings depend on
/// it.
public struct PlannedConvolution: Hashable, Sendable {
  public enum Algorithm: String, CaseIterable, Sendable {
    /// Own kernels: F(4×4, 3×3).
    case ownWinograd = "own Winograd"
    /// Own kernels for 1×1 windows.
    case ownPointwise = "own 1×1"
    /// Own kernels for a window a channel.
    case ownDepthwise = "own depthwise"
    /// Own kernels for the first layer's planar pixels.
    case ownPlanar = "own first layer"
    case direct = "oneDNN direct"
    case winograd = "oneDNN Winograd"
    /// Each thread's part of the filters over the whole batch, for weight gradients.
    case sharedDirect = "oneDNN direct with filters shared out"
    case sharedWinograd = "oneDNN Winograd with filters shared out"
  }

  /// The algorithms of a step's passes; nil for a pass that there is not.
  struct Passes {
    var forward: Algorithm
    var data: Algorithm?
    var weights: Algorithm?

    /// One algorithm for all passes.
    init(_ algorithm: Algorithm) { self.init(forward: algorithm, data: nil, weights: nil) }

    init(forward: Algorithm, data: Algorithm?, weights: Algorithm?) {
      self.forward = forward
      self.data = data
      self.weights = weights
    }
  }

  /// The node's name.
  public let layer: String
  public let forward: Algorithm
  /// The gradient of the data, where there is one by another algorithm.
  public let dataGradient: Algorithm?
  /// The gradient of the weights, where there is one by another algorithm.
  public let weightGradient: Algorithm?
  /// How maps are stored. Own kernels multiply in f32, oneDNN in the type of the maps.
  public let precision: ActivationType

  init(layer: String, _ passes: Passes, precision: ActivationType) {
    self.layer = layer
    forward = passes.forward
    dataGradient = passes.data == forward ? nil : passes.data
    weightGradient = passes.weights == forward ? nil : passes.weights
    self.precision = precision
  }

  /// `own Winograd, f32`, or `oneDNN direct, weight gradient by oneDNN Winograd, f32`.
  public var algorithm: String {
    var text = forward.rawValue
    if let dataGradient { text += ", data gradient by \(dataGradient.rawValue)" }
    if let weightGradient { text += ", weight gradient by \(weightGradient.rawValue)" }
    return text + ", \(precision.rawValue)"
  }

  /// The layers by algorithm, both in the network's order.
  public static func grouped(_ convolutions: [PlannedConvolution]) -> [RunRecord.ConvolutionGroup] {
    let layers = Dictionary(grouping: convolutions, by: \.algorithm)
    var seen: Set<String> = []
    return convolutions.map(\.algorithm).filter { seen.insert($0).inserted }.map {
      RunRecord.ConvolutionGroup(algorithm: $0, layers: (layers[$0] ?? []).map(\.layer))
    }
  }
}

extension ConvolutionPrimitive.Algorithm {
  /// As plans list it.
  var planned: PlannedConvolution.Algorithm { self == .winograd ? .winograd : .direct }
}
