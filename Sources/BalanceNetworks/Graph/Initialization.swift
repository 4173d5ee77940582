/// How the weights of a new network are drawn, as its paper or its usual implementation has it.
///
/// Batch norms always start at γ = 1, β = 0, running mean 0 and variance 1.
public struct Initialization: Codable, Hashable, Sendable {
  /// The number of values that a normal distribution's variance 2 / n is taken from.
  public enum Fan: String, Codable, Sendable {
    /// Values that a result is made from: I / groups · K².
    case incoming
    /// O · K².
    case outgoing
    /// O / groups · K².
    case outgoingOfGroup
  }

  public enum Linear: Codable, Hashable, Sendable {
    /// Normal with variance 2 / inputs.
    case he
    /// Uniform on ±1/√inputs: PyTorch's default.
    case uniformOverInputs
    /// Uniform on ±1/√outputs.
    case uniformOverOutputs
    /// Normal with this deviation.
    case normal(Double)
  }

  /// Of convolutions, and linear layers that are stored as such.
  public var convolution: Fan
  public var linear: Linear
  /// Whether biases start at 0 rather than uniform on ±1/√inputs.
  public var zeroBias: Bool

  /// He et al., *Delving deep into rectifiers*, ICCV 2015.
  public static let he = Initialization(convolution: .incoming, linear: .he, zeroBias: false)
  /// torchvision's ResNets.
  public static let resnet = Initialization(
    convolution: .outgoing, linear: .uniformOverInputs, zeroBias: false)
  /// torchvision's MobileNetV2.
  public static let mobileNet = Initialization(
    convolution: .outgoing, linear: .normal(0.01), zeroBias: true)
  /// torchvision's EfficientNet.
  public static let efficientNet = Initialization(
    convolution: .outgoing, linear: .uniformOverOutputs, zeroBias: true)
  /// TensorFlow's EfficientNet-Lite.
  public static let efficientNetLite = Initialization(
    convolution: .outgoingOfGroup, linear: .uniformOverOutputs, zeroBias: true)
}
