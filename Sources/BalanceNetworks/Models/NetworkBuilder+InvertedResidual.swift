extension NetworkBuilder {
  /// How an inverted residual block begins: a 1×1 convolution to `expansion` times as many
  /// channels, unless that is 1, then a convolution of each channel on its own, both with norm and
  /// activation.
  ///
  /// - Parameters:
  ///   - prefix: before the number of each part in its name.
  ///   - channels: those of x.
  /// - Returns: the value, and the number of the block's next part.
  mutating func expandAndFilter(
    _ prefix: String, _ x: Int, channels: Int, expansion: Int, kernel: Int, stride: Int,
    activation: Operation
  ) -> (value: Int, nextPart: Int) {
    let wide = channels * expansion
    var y = x
    var part = 0
    if expansion != 1 {
      y = convolutionNormActivation(
        prefix + "0", y, filters: wide, kernel: 1, activation: activation)
      part = 1
    }
    y = convolutionNormActivation(
      prefix + "\(part)", y, filters: wide, kernel: kernel, stride: stride, groups: wide,
      activation: activation)
    return (y, part + 1)
  }
}
