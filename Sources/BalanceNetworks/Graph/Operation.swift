public import BalanceCore

/// One layer's operation. Shapes are of one image: `[H, W, C]` or `[F]`.
public enum Operation: Codable, Hashable, Sendable {
  /// y = W ∗ x + b: cross-correlation as in PyTorch; square windows.
  case convolution(Convolution)
  /// y = γ (x − μ) / √(σ² + ε) + β per channel. Training uses the batch's μ and biased σ², and
  /// moves the running ones by `momentum` towards the batch's μ and unbiased σ².
  case batchNorm(BatchNorm)
  /// y = f(x) on every value of a feature map or of features.
  case activation(Activation)
  /// y = x₁ + x₂.
  case add
  /// Maximum or mean over square windows.
  case pool(Pooling)
  /// The mean over height and width: `[H, W, C]` to `[C]`.
  case globalAveragePool
  /// y = W x + b on features.
  case linear(Linear)
  /// y = s · ŵᵀx̂ on features, with x and the rows of W divided by their lengths (at least 1e-12).
  case cosineLinear(CosineLinear)
  /// All channels of the first map, then of the second, and so on; one height and width.
  case concatenate
  /// y[h, w, c] = x[h, w, c] · s[c]: a map and as many features as it has channels.
  case scaleChannels
  /// In training each value is zero with probability `rate` and divided by 1 − rate else; in
  /// evaluation the identity. Source: Srivastava et al., JMLR 2014.
  case dropout(Double)
  /// As dropout, but for all values of an image together.
  /// Source: Huang et al., *Deep networks with stochastic depth*, ECCV 2016.
  case stochasticDepth(Double)
  /// Option A of the ResNet paper: every stride-th pixel, with half of the additional channels as
  /// zeros before and half after.
  case subsample(Subsample)

  public struct Convolution: Codable, Hashable, Sendable {
    public var filters: Int
    public var kernel: Int
    public var stride: Int
    public var padding: WindowPadding
    public var dilation: Int
    /// Inputs and filters come in so many groups that know nothing of each other; as many groups
    /// as channels make a depthwise convolution.
    public var groups: Int
    public var bias: Bool

    public init(
      filters: Int, kernel: Int, stride: Int = 1, padding: WindowPadding = 0,
      dilation: Int = 1, groups: Int = 1, bias: Bool = false
    ) {
      self.filters = filters
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.dilation = dilation
      self.groups = groups
      self.bias = bias
    }
  }

  public enum Activation: String, Codable, CaseIterable, Sendable {
    /// max(x, 0); the gradient at 0 is 0.
    case relu
    /// min(max(x, 0), 6); the gradient at 0 and 6 is 0.
    case relu6
    /// x · σ(x).
    case silu
    /// x · min(max(x + 3, 0), 6) / 6.
    case hardSwish
    /// σ(x) = 1 / (1 + e⁻ˣ).
    case sigmoid
    /// min(max(x + 3, 0), 6) / 6.
    case hardSigmoid
  }

  /// The activation that nearly all networks use.
  public static var relu: Operation { .activation(.relu) }

  public struct BatchNorm: Codable, Hashable, Sendable {
    public var epsilon: Double
    public var momentum: Double

    /// PyTorch's defaults.
    public init(epsilon: Double = 1e-5, momentum: Double = 0.1) {
      self.epsilon = epsilon
      self.momentum = momentum
    }
  }

  public struct Pooling: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable { case maximum, average }
    public var kind: Kind
    public var kernel: Int
    public var stride: Int
    public var padding: Int

    /// Average pooling counts padding in its divisor, as PyTorch does by default.
    public init(_ kind: Kind, kernel: Int, stride: Int? = nil, padding: Int = 0) {
      self.kind = kind
      self.kernel = kernel
      self.stride = stride ?? kernel
      self.padding = padding
    }
  }

  public struct Linear: Codable, Hashable, Sendable {
    public var outputs: Int
    public var bias: Bool
    /// Whether its weight is stored as `[O, I, 1, 1]`, where PyTorch has a 1×1 convolution of one
    /// pixel.
    public var asConvolution: Bool

    public init(outputs: Int, bias: Bool = true, asConvolution: Bool = false) {
      self.outputs = outputs
      self.bias = bias
      self.asConvolution = asConvolution
    }
  }

  public struct CosineLinear: Codable, Hashable, Sendable {
    public var outputs: Int
    /// s, the logits' largest size.
    public var scale: Double

    public init(outputs: Int, scale: Double) {
      self.outputs = outputs
      self.scale = scale
    }

    /// Shorter vectors are divided by this instead of by their length, as `F.normalize` does.
    package static let epsilon = 1e-12
  }

  public struct Subsample: Codable, Hashable, Sendable {
    public var stride: Int
    public var channels: Int

    public init(stride: Int, channels: Int) {
      self.stride = stride
      self.channels = channels
    }
  }
}
