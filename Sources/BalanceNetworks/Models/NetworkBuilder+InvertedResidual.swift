extension NetworkBuilder {
  /// How an inverted residual block begins: a 1×1 convolution to `wide` channels, unless there are
  /// as many, then a convolution of each channel on its own, both with norm and activation.
  ///
  /// - Parameters:
  ///   - prefix: before the number of each part in its name.
  ///   - channels: those of x.
  /// - Returns: the value, and the number of the block's next part.
  mutating func expandAndFilter(
    _ prefix: String, _ x: Int, channels: Int, wide: Int, kernel: Int, stride: Int,
    norm: Operation.BatchNorm = .init(), activation: Operation
  ) -> (value: Int, nextPart: Int) {
    var y = x
    var part = 0
    if wide != channels {
      y = convolutionNormActivation(
        prefix + "0", y, filters: wide, kernel: 1, norm: norm, activation: activation)
      part = 1
    }
    y = convolutionNormActivation(
      prefix + "\(part)", y, filters: wide, kernel: kernel, stride: stride, groups: wide,
      norm: norm, activation: activation)
    return (y, part + 1)
  }

  /// s = g(W₂ f(W₁ mean(x) + b₁) + b₂), and each channel of x times its s.
  ///
  /// - Parameters:
  ///   - activation: f.
  ///   - scale: g.
  ///
  /// Source: Hu et al., *Squeeze-and-excitation networks*, CVPR 2018.
  mutating func squeezeAndExcite(
    _ prefix: String, _ x: Int, channels: Int, squeezed: Int, activation: Operation.Activation,
    scale: Operation.Activation
  ) -> Int {
    var s = append(prefix + ".avgpool", .globalAveragePool, x)
    s = append(prefix + ".fc1", .linear(.init(outputs: squeezed, asConvolution: true)), s)
    s = append(prefix + ".activation", .activation(activation), s)
    s = append(prefix + ".fc2", .linear(.init(outputs: channels, asConvolution: true)), s)
    s = append(prefix + ".scale_activation", .activation(scale), s)
    return append(prefix + ".scale", .scaleChannels, x, s)
  }

  /// The multiple of 8 nearest to a width, at least 8 and no more than a tenth below it.
  ///
  /// Source: TensorFlow's `_make_divisible`, which the MobileNets and EfficientNets share.
  static func roundedChannels(_ width: Double) -> Int {
    let nearest = max(8, Int(width + 4) / 8 * 8)
    return Double(nearest) < 0.9 * width ? nearest + 8 : nearest
  }
}
