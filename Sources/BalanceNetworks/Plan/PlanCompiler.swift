import BalanceCore
import BalanceTensors

/// Turns a network into the steps of a plan and the lifetimes of its buffers.
///
/// Time runs over the steps: the input at 0, forward step i at i + 1, backward step i at
/// 2·steps + 1 − i, and the gathering of gradients at the end.
final class PlanCompiler {
  enum Purpose { case training, evaluation }

  let parameters: Parameters
  let purpose: Purpose
  let options: PlanOptions
  let memory: PlanMemory
  let randomness: RandomSource
  /// Working memory that any step may use while it runs.
  let scratch: PlanBuffer
  /// What own convolutions read from.
  let paddedMaps: PaddedMaps
  private let network: Network
  private let frozen: Set<Int>
  /// Whether something trainable lies before each graph value.
  private let isTrainable: [Bool]
  private let layers: [LoweredLayer]
  /// The value that the logits are.
  private let last: Int
  private let fusion: Fusion
  private var steps: [any PlanStep] = []
  private var values: [PlanValue?]
  private var contributions: [[GradientContribution]]

  var threads: Int { memory.slices.count }
  var endTime: Int { 2 * layers.count + 2 }

  init(
    _ network: Network, parameters: Parameters, purpose: Purpose, options: PlanOptions,
    frozen: Set<Int>, memory: PlanMemory, randomness: RandomSource
  ) {
    self.network = network
    self.parameters = parameters
    self.purpose = purpose
    self.options = options
    self.memory = memory
    self.frozen = frozen
    isTrainable = network.trainableValues(parameters, frozen: frozen)
    self.randomness = randomness
    let lowered = Lowering.lower(network, for: purpose, frozen: frozen)
    layers = purpose == .evaluation ? Folding.fold(lowered.layers) : lowered.layers
    last = lowered.logits
    paddedMaps = PaddedMaps(threads: memory.slices.count)
    let images = memory.slices.map(\.count).max() ?? 0
    fusion = Fusion(layers) {
      purpose == .training
        && ConvolutionRule.usesOwnKernels($0, in: network, images: images, options: options)
    }
    values = Array(repeating: nil, count: network.shapes.count)
    contributions = Array(repeating: [], count: network.shapes.count)
    scratch = memory.fixed(bytes: 64)
  }

  /// The steps in forward order, the first of which reads the pixels.
  func compile() throws(BalanceError) -> CompiledPlan {
    scratch.touch(0)
    scratch.touch(endTime)
    let input = try makeInput()
    for index in layers.indices { steps.append(try makeStep(index)) }
    let logits = value(last)
    logits.buffer.touch(endTime)
    var logitsGradient: PlanBuffer?
    if purpose == .training {
      let gradient = memory.perImage(like: logits)
      gradient.touch(layers.count + 1)
      contributions[logits.id] = [GradientContribution(buffer: gradient, exclusive: true)]
      for index in steps.indices.reversed() where needsGradient(layers[index].output) {
        try steps[index].connectGradients(
          contributions[layers[index].output], at: 2 * layers.count + 1 - index, in: self)
      }
      logitsGradient = gradient
    }
    try memory.place()
    try paddedMaps.place()
    return CompiledPlan(
      input: input, steps: steps, logits: logits.buffer, logitsGradient: logitsGradient,
      classes: network.classes, memory: memory, convolutions: convolutions)
  }

  private var convolutions: [PlannedConvolution] {
    zip(layers, steps).compactMap { layer, step in
      guard let node = layer.kind.convolutionNode, let passes = step.algorithms else { return nil }
      return PlannedConvolution(
        layer: network.nodes[node].name, passes, precision: options.precision)
    }
  }

  /// The tensor of a graph value that an earlier step made.
  func value(_ id: Int) -> PlanValue {
    guard let value = values[id] else { preconditionFailure("value \(id) is not made yet") }
    return value
  }

  /// Makes the tensor of a graph value, written first at `time`.
  ///
  /// - Parameters:
  ///   - layout: nil for rows where the value is features, else blocked.
  ///   - place: the buffer of a value of this shape that it overwrites.
  ///   - isStored: false where the value is never in memory as a whole.
  func makeValue(
    _ id: Int, layout: PlanValue.Layout? = nil, in place: PlanBuffer? = nil,
    isStored: Bool = true, at time: Int
  ) -> PlanValue {
    let shape = network.shapes[id]
    let usual: PlanValue.Layout
    switch shape {
    case .image: usual = .blocked
    case .features: usual = .rows
    }
    let layout = layout ?? usual
    let type = layout == .rows ? .f32 : options.precision
    let buffer =
      place
      ?? memory.perImage(bytes: PlanValue.elements(shape.image, layout) * type.bytes)
    if isStored { buffer.touch(time) }
    let value = PlanValue(id: id, shape: shape, layout: layout, type: type, buffer: buffer)
    values[id] = value
    return value
  }

  /// Whether a value's gradient is of use: something trainable lies before it.
  func needsGradient(_ id: Int) -> Bool { isTrainable[id] }

  /// Whether a node's parameters and running statistics stay as they are.
  func isFrozen(_ node: Int) -> Bool { frozen.contains(node) }

  /// Adds a gradient that flows into a value.
  func contribute(_ buffer: PlanBuffer, exclusive: Bool = true, to id: Int) {
    contributions[id].append(GradientContribution(buffer: buffer, exclusive: exclusive))
  }

  /// A buffer for a thread's part of a parameter's gradient, written at `time` and read at the end.
  func gradientSum(bytes: Int, at time: Int) -> PlanBuffer {
    let buffer = memory.fixed(bytes: bytes)
    buffer.touch(time)
    buffer.touch(endTime)
    return buffer
  }

  /// The parameters of a node by the end of their names: `weight`, `bias`.
  func entry(_ node: Int, _ suffix: String) -> Parameters.Tensor? {
    let name = "\(network.nodes[node].name).\(suffix)"
    return parameters.tensors.first { $0.name == name }
      ?? parameters.buffers.first { $0.name == name }
  }

  private func makeInput() throws(BalanceError) -> InputStep {
    let value = makeValue(
      0, layout: ConvolutionRule.readsPlanarPixels(network) ? .planar : .blocked, at: 0)
    return InputStep(value, memory: memory)
  }

  private func makeFolded(
    _ folded: FoldedConvolution, _ input: PlanValue, output: Int, at time: Int
  ) throws(BalanceError) -> any PlanStep {
    let residual = folded.residual.map(value)
    residual?.buffer.touch(time)
    let inPlace = folded.residualDies ? residual?.buffer : nil
    let output = makeValue(output, in: inPlace, at: time)
    switch ConvolutionRule.evaluationKernel(
      folded, from: input, to: output.image, memory: memory, options: options)
    {
    case .winograd:
      return try FoldedWinogradStep(
        folded, input: input, residual: residual, output: output, at: time, in: self)
    case .pointwise:
      return try FoldedDirectStep<PointwiseConvolution>(
        folded, input: input, residual: residual, output: output, in: self)
    case .depthwise:
      return try FoldedDirectStep<DepthwiseConvolution>(
        folded, input: input, residual: residual, output: output, in: self)
    case .planar:
      return try FoldedDirectStep<PlanarConvolution>(
        folded, input: input, residual: residual, output: output, in: self)
    case nil:
      return try FoldedConvolutionStep(
        folded, input: input, residual: residual, output: output, in: self)
    }
  }

  private func makeStep(_ index: Int) throws(BalanceError) -> any PlanStep {
    let layer = layers[index]
    let time = index + 1
    let input = value(layer.input)
    // What the step before computes for this one is never stored where nobody else reads it.
    let isComputed = index > 0 && fusion.isAppliedByNext[index - 1]
    if !isComputed || fusion.isStored[index - 1] { input.buffer.touch(time) }
    if case .foldedConvolution(let folded) = layer.kind {
      return try makeFolded(folded, input, output: layer.output, at: time)
    }
    let output = makeValue(layer.output, isStored: fusion.isStored[index], at: time)
    switch layer.kind {
    case .foldedConvolution: preconditionFailure("made above")
    case .convolution(let options, let node)
    where fusion.usesOwnKernels[index] && input.layout == .planar:
      return try PlanarConvolutionStep(
        options, node: node, input: input, output: output, in: self)
    case .convolution(_, let node) where fusion.usesOwnKernels[index]:
      return try WinogradStep(
        node: node, input: input, output: output,
        source: isComputed ? steps[index - 1] as? ElementwiseStep : nil, in: self)
    case .convolution(let options, let node):
      return try ConvolutionStep(options, node: node, input: input, output: output, in: self)
    case .elementwise(let norm, let residual, let activation):
      let other = residual.map(value)
      other?.buffer.touch(time)
      let step = ElementwiseStep(
        norm: norm, input: input, residual: other, activation: activation,
        output: output,
        role: .init(
          isAppliedByNext: fusion.isAppliedByNext[index], isStored: fusion.isStored[index],
          isKept: fusion.isKept[index], isFed: fusion.isFed[index],
          isReadBeforeResidual: fusion.isReadBeforeResidual[index]),
        at: time, in: self)
      feed(step, index)
      return step
    case .pooledElementwise(let norm, let relu):
      let step = PooledElementwiseStep(
        norm: norm, input: input, relu: relu, output: output, isFed: fusion.isFed[index],
        in: self)
      feed(step, index)
      return step
    case .pool(let options) where options.kind == .maximum && purpose == .evaluation:
      return MaximumStep(options, input: input, output: output, in: self)
    case .pool(let options):
      return try PoolingStep(options, input: input, output: output, at: time, in: self)
    case .globalAveragePool: return GlobalAverageStep(input: input, output: output, in: self)
    case .linear(_, let node):
      return LinearStep(node: node, input: input, output: output, in: self)
    case .cosineLinear(let options, let node):
      return try CosineLinearStep(options, node: node, input: input, output: output, in: self)
    case .activation(let activation):
      return ActivationStep(activation, input: input, output: output, in: self)
    case .concatenate(let inputs):
      let inputs = inputs.map(value)
      for input in inputs { input.buffer.touch(time) }
      return ConcatenateStep(inputs: inputs, output: output, in: self)
    case .scaleChannels(let features):
      let features = value(features)
      features.buffer.touch(time)
      return ScaleChannelsStep(input: input, features: features, output: output, in: self)
    case .dropout(let mask, let wholeImages):
      return DropoutStep(
        mask, wholeImages: wholeImages, input: input, output: output, in: self)
    case .subsample(let options):
      return SubsampleStep(options, input: input, output: output, in: self)
    }
  }
}

extension PlanCompiler {
  /// Tells the convolution that works for this step, if there is one.
  private func feed(_ step: any NormGradientSource, _ index: Int) {
    if let feeder = fusion.feeds.firstIndex(of: index) {
      (steps[feeder] as? any NormFeeder)?.feed(step)
    }
  }
}

extension Network {
  /// For each value, whether parameters that are not frozen take part in making it.
  fileprivate func trainableValues(_ parameters: Parameters, frozen: Set<Int>) -> [Bool] {
    let trained = Set(parameters.tensors.map(\.node)).subtracting(frozen)
    var result = [false]
    for (index, node) in nodes.enumerated() {
      result.append(trained.contains(index) || node.inputs.contains { result[$0] })
    }
    return result
  }
}
