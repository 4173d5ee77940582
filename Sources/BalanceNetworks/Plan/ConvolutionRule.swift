import BalanceCore
import BalanceTensors

/// Which algorithm computes a convolution: a rule on shapes alone, so that the same network on the
/// same kind of machine always computes the same bits.
enum ConvolutionRule {
  /// Whether the pixels of an image lie channel by channel: oneDNN's and own convolutions of a
  /// first layer read up to three such channels.
  static func readsPlanarPixels(_ network: Network) -> Bool {
    network.input.channels <= 3
      && network.nodes.allSatisfy { node in
        if case .convolution = node.operation { true } else { !node.inputs.contains(0) }
      }
  }

  /// Own kernels train the first convolution of planar pixels, and by Winograd's algorithm dense
  /// 3×3 convolutions of stride 1 and padding 1, unless their transformed weights are so many that
  /// reading them outweighs what the transform saves.
  static func usesOwnKernels(
    _ layer: LoweredLayer, in network: Network, images: Int, options: PlanOptions
  ) -> Bool {
    guard options.convolution == .automatic, Machine.supportsOwnKernels,
      case .convolution(let convolution, _) = layer.kind, !convolution.bias
    else { return false }
    let (input, output) = (network.shapes[layer.input].image, network.shapes[layer.output].image)
    if layer.input == 0, readsPlanarPixels(network) {
      return PlanarConvolution.fits(convolution.window(over: input, images: images))
    }
    let tiles = images * WinogradConvolution.tiles(height: output.height, width: output.width)
    return isWinograds(convolution, from: input)
      && input.channels * output.channels <= mostTrainedChannelPairs && tiles >= 8
  }

  /// Pairs of channels up to which own Winograd kernels train: with AVX-512 oneDNN has its own for
  /// more, and reading the transformed weights takes a larger part of the time.
  private static var mostTrainedChannelPairs: Int {
    Machine.supportsAVX512 ? 128 * 128 : 256 * 256
  }

  /// The own kernels that there are for evaluation.
  enum EvaluationKernel { case winograd, pointwise, depthwise, planar }

  /// Own kernels evaluate convolutions where they have a kernel: of bf16 maps, since they multiply
  /// in f32, which x86 processors with AVX-512 do as fast as they multiply bf16, and oneDNN has no
  /// Winograd for bf16; and without AVX-512, where oneDNN lacks Winograd too and reorders maps into
  /// blocks of eight. With AVX-512, own Winograd kernels evaluate f32 maps only where threads share
  /// an image and weights are few: oneDNN then has a smaller transform, F(2×2, 3×3).
  static func evaluationKernel(
    _ folded: FoldedConvolution, from input: PlanValue, to output: ImageShape,
    memory: PlanMemory, options: PlanOptions
  ) -> EvaluationKernel? {
    let isAlone = memory.primitiveThreads == 1
    let prefersOwn = options.precision == .bf16 || !Machine.supportsAVX512
    guard options.convolution == .automatic, Machine.supportsOwnKernels, prefersOwn || !isAlone
    else { return nil }
    let images = isAlone ? memory.slices.map(\.count).max() ?? 0 : 1
    let window = folded.options.window(over: input.image, images: images)
    if input.layout == .planar {
      return prefersOwn && PlanarConvolution.fits(window) ? .planar : nil
    }
    if isWinograds(folded.options, from: input.image) {
      let tiles = images * WinogradConvolution.tiles(height: output.height, width: output.width)
      if isAlone { return tiles >= 32 ? .winograd : nil }
      return input.image.channels * output.channels <= 256 * 256 && tiles >= 16 ? .winograd : nil
    }
    guard prefersOwn else { return nil }
    if PointwiseConvolution.fits(window) { return .pointwise }
    return DepthwiseConvolution.fits(window) ? .depthwise : nil
  }

  private static func isWinograds(
    _ convolution: Operation.Convolution, from input: ImageShape
  ) -> Bool {
    convolution.kernel == 3 && convolution.stride == 1 && convolution.padding == 1
      && convolution.dilation == 1 && convolution.groups == 1 && input.channels > 4
      && fillsTiles(height: input.height, width: input.width)
  }

  /// Whether maps fill at least half of their 4×4 tiles, so that less than half of what Winograd's
  /// algorithm saves is spent beyond the maps' edges.
  private static func fillsTiles(height: Int, width: Int) -> Bool {
    2 * height * width >= 16 * WinogradConvolution.tiles(height: height, width: width)
  }

  /// Winograd F(4×4, 3×3) does a 3×3 convolution of stride 1 with a quarter of the
  /// multiplications; its transforms pay from 32 channels on, for weight gradients from 16, given
  /// enough tiles. Measured on 66 shapes: within 3 % of the best choice for nine in ten.
  private static func algorithm(
    _ window: WindowGeometry, direction: ConvolutionPrimitive.Direction, options: PlanOptions
  ) -> ConvolutionPrimitive.Algorithm {
    // oneDNN has Winograd for f32 alone.
    guard options.convolution == .automatic, options.precision == .f32, window.kernel == 3,
      window.stride == 1, window.dilation == 1, window.groups == 1,
      fillsTiles(height: window.outHeight, width: window.outWidth)
    else { return .direct }
    let tiles =
      window.images * WinogradConvolution.tiles(height: window.outHeight, width: window.outWidth)
    let channels = min(window.inChannels, window.outChannels)
    let enough = direction == .backwardWeights ? 16 : 32
    return tiles >= 32 && channels >= enough ? .winograd : .direct
  }

  /// oneDNN's primitive over so many images of `input`, by the algorithm that the rule names;
  /// direct where this machine's oneDNN lacks it.
  ///
  /// - Parameters: as `ConvolutionPrimitive`'s.
  static func primitive(
    _ convolution: Operation.Convolution, over input: PlanValue, images: Int,
    _ direction: ConvolutionPrimitive.Direction, hasBias: Bool,
    epilogue: ConvolutionPrimitive.Epilogue? = nil, threads: Int = 1, options: PlanOptions
  ) throws(BalanceError) -> ConvolutionPrimitive {
    let window = convolution.window(over: input.image, images: images)
    func make(_ algorithm: ConvolutionPrimitive.Algorithm) throws(BalanceError)
      -> ConvolutionPrimitive
    {
      try ConvolutionPrimitive(
        window, direction: direction, algorithm: algorithm,
        source: input.layout == .planar ? .planar : .blocked, hasBias: hasBias, type: input.type,
        epilogue: epilogue, threads: threads)
    }
    if algorithm(window, direction: direction, options: options) == .winograd,
      let made = try? make(.winograd)
    {
      return made
    }
    return try make(.direct)
  }
}
