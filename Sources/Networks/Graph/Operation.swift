/// One layer's operation. Shapes are of one image: `[H, W, C]` or `[F]`.
public enum Operation: Codable, Hashable, Sendable {
  /// y = W ∗ x + b: cross-correlation as in PyTorch; square windows.
  case convolution(Convolution)
  /// y = γ (x − μ) / √(σ² + ε) + β per channel. Training uses the batch's μ and biased σ², and
  /// moves the running ones by `momentum` towards the batch's μ and unbiased σ².
  case batchNorm(BatchNorm)
  /// y = max(x, 0); the gradient at 0 is 0.
  case relu
  /// y = x₁ + x₂.
  case add
  /// Maximum or mean over square windows.
  case pool(Pooling)
  /// The mean over height and width: `[H, W, C]` to `[C]`.
  case globalAveragePool
  /// y = W x + b on features.
  case linear(Linear)
  /// Option A of the ResNet paper: every stride-th pixel, with half of the additional channels as
  /// zeros before and half after.
  case subsample(Subsample)

  public struct Convolution: Codable, Hashable, Sendable {
    public var filters: Int
    public var kernel: Int
    public var stride: Int
    public var padding: Int
    public var bias: Bool

    public init(filters: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias: Bool = false) {
      self.filters = filters
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.bias = bias
    }
  }

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

    public init(outputs: Int, bias: Bool = true) {
      self.outputs = outputs
      self.bias = bias
    }
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
