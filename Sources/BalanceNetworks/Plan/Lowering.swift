/// A layer after fusion: what one step of a plan computes.
struct LoweredLayer {
  enum Kind {
    case convolution(Operation.Convolution, node: Int)
    /// f(norm(x) + residual), each part optional but not all absent; f is ReLU where norm is.
    case elementwise(
      norm: (options: Operation.BatchNorm, node: Int)?, residual: Int?,
      activation: Operation.Activation?)
    /// The maximum over 2×2 windows of max(norm(x), 0), norm and ReLU optional.
    case pooledElementwise(norm: (options: Operation.BatchNorm, node: Int)?, relu: Bool)
    case pool(Operation.Pooling)
    case globalAveragePool
    case linear(Operation.Linear, node: Int)
    case cosineLinear(Operation.CosineLinear, node: Int)
    case subsample(Operation.Subsample)
    case foldedConvolution(FoldedConvolution)
    case activation(Operation.Activation)
    case concatenate([Int])
    case scaleChannels(by: Int)
    case dropout(DropoutMask, wholeImages: Bool)

    /// The node of a convolution.
    var convolutionNode: Int? {
      switch self {
      case .convolution(_, let node): node
      case .foldedConvolution(let folded): folded.node
      case .elementwise, .pooledElementwise, .pool, .globalAveragePool, .linear, .cosineLinear,
        .subsample, .activation, .concatenate, .scaleChannels, .dropout:
        nil
      }
    }
  }

  let kind: Kind
  /// The graph value that it reads, besides a residual.
  let input: Int
  /// The graph value that it makes: the last fused node's.
  let output: Int

  /// All values that it reads.
  var inputs: [Int] {
    switch kind {
    case .elementwise(_, let residual, _): [input] + (residual.map { [$0] } ?? [])
    case .foldedConvolution(let folded): [input] + (folded.residual.map { [$0] } ?? [])
    // Spelt out, so that a new layer with several inputs says so here: folding relies on it.
    case .concatenate(let inputs): inputs
    case .scaleChannels(let features): [input, features]
    case .convolution, .pooledElementwise, .pool, .globalAveragePool, .linear, .cosineLinear,
      .subsample, .activation,
      .dropout:
      [input]
    }
  }
}

/// Fuses what one pass over memory can compute: batch norm, the addition of a shortcut, ReLU.
struct Lowering {
  private let network: Network
  /// In evaluation, what comes before a pooling belongs to the convolution.
  private let poolsChains: Bool
  /// Whether each node passes on what it reads.
  private let identities: [Bool]
  /// For each value the one that it equals: another where a layer is the identity.
  private let origins: [Int]
  private let consumers: [[Int]]
  private var fused: Set<Int> = []
  /// Layers by the index of the last node that they cover.
  private var layers: [(last: Int, layer: LoweredLayer)] = []

  /// - Returns: the layers in order, and the value that the logits are.
  static func lower(
    _ network: Network, for purpose: PlanCompiler.Purpose, frozen: Set<Int> = []
  ) -> (layers: [LoweredLayer], logits: Int) {
    var lowering = Lowering(network, purpose, frozen)
    for index in network.nodes.indices { lowering.visit(index) }
    // A chain takes the place of its last node: by then its residual has been made.
    let layers = lowering.layers.sorted { $0.last < $1.last }.map(\.layer)
    return (layers, lowering.origins[network.nodes.count])
  }

  private init(_ network: Network, _ purpose: PlanCompiler.Purpose, _ frozen: Set<Int>) {
    self.network = network
    poolsChains = purpose == .training
    // Frozen layers compute as in evaluation.
    let identities = network.nodes.enumerated().map { index, node in
      node.operation.isIdentity(in: frozen.contains(index) ? .evaluation : purpose)
    }
    self.identities = identities
    var origins = Array(network.shapes.indices)
    for (index, node) in network.nodes.enumerated() where identities[index] {
      origins[index + 1] = origins[node.inputs[0]]
    }
    self.origins = origins
    var consumers = [[Int]](repeating: [], count: network.shapes.count)
    for (index, node) in network.nodes.enumerated() where !identities[index] {
      for input in node.inputs { consumers[origins[input]].append(index) }
    }
    self.consumers = consumers
  }

  /// The values that a node reads.
  private func inputs(_ node: Int) -> [Int] { network.nodes[node].inputs.map { origins[$0] } }

  private mutating func visit(_ index: Int) {
    let node = network.nodes[index]
    guard !fused.contains(index), !identities[index] else { return }
    switch node.operation {
    case .convolution(let options): append(.convolution(options, node: index), index)
    case .pool(let options): append(.pool(options), index)
    case .globalAveragePool: append(.globalAveragePool, index)
    case .linear(let options): append(.linear(options, node: index), index)
    case .subsample(let options): append(.subsample(options), index)
    case .batchNorm(let options): appendChain(from: index, norm: (options, index))
    case .cosineLinear(let options): append(.cosineLinear(options, node: index), index)
    case .concatenate: append(.concatenate(inputs(index)), index)
    case .scaleChannels: append(.scaleChannels(by: inputs(index)[1]), index)
    case .dropout(let rate):
      append(.dropout(network.dropoutMask(rate, node: index), wholeImages: false), index)
    case .stochasticDepth(let rate):
      append(.dropout(network.dropoutMask(rate, node: index), wholeImages: true), index)
    case .activation(let activation):
      if activation == .relu, isMap(index) {
        appendChain(from: index, norm: nil)
      } else {
        append(.activation(activation), index)
      }
    case .add: appendChain(from: index, norm: nil)
    }
  }

  private mutating func append(_ kind: LoweredLayer.Kind, _ index: Int) {
    let layer = LoweredLayer(kind: kind, input: inputs(index)[0], output: index + 1)
    layers.append((index, layer))
  }

  private mutating func appendChain(
    from start: Int, norm: (options: Operation.BatchNorm, node: Int)?
  ) {
    var last = start
    var residual: Int?
    var activation: Operation.Activation?
    if norm == nil, network.nodes[start].operation == .relu { activation = .relu }
    if network.nodes[start].operation == .add { residual = inputs(start)[1] }
    if norm != nil, let next = soleConsumer(of: last), network.nodes[next].operation == .add,
      !fused.contains(next)
    {
      let inputs = inputs(next)
      residual = inputs[0] == last + 1 ? inputs[1] : inputs[0]
      last = next
      fused.insert(next)
    }
    if activation == nil, let next = soleConsumer(of: last),
      let follows = fusibleActivation(next, withNorm: norm != nil)
    {
      activation = follows
      last = next
      fused.insert(next)
    }
    var kind = LoweredLayer.Kind.elementwise(
      norm: norm, residual: residual, activation: activation)
    if poolsChains, residual == nil, activation == nil || activation == .relu,
      let next = soleConsumer(of: last), isPoolOfPairs(next)
    {
      kind = .pooledElementwise(norm: norm, relu: activation == .relu)
      last = next
      fused.insert(next)
    }
    let layer = LoweredLayer(kind: kind, input: inputs(start)[0], output: last + 1)
    layers.append((last, layer))
  }

  /// The only node that reads what `node` makes, if there is one and it reads it once.
  private func soleConsumer(of node: Int) -> Int? {
    let readers = consumers[node + 1]
    return readers.count == 1 ? readers[0] : nil
  }

  /// Whether a node takes the maximum over 2×2 windows of stride 2.
  private func isPoolOfPairs(_ node: Int) -> Bool {
    guard case .pool(let options) = network.nodes[node].operation else { return false }
    return options.kind == .maximum && options.kernel == 2 && options.stride == 2
      && options.padding == 0
  }

  /// The activation that a node is, if the elementwise step computes it behind others: its gradient
  /// is then taken from a norm's input, or from the output, which tells ReLU's alone.
  private func fusibleActivation(_ node: Int, withNorm: Bool) -> Operation.Activation? {
    guard case .activation(let activation) = network.nodes[node].operation, isMap(node) else {
      return nil
    }
    switch activation {
    case .relu: return activation
    case .relu6, .silu, .hardSwish: return withNorm ? activation : nil
    case .sigmoid, .hardSigmoid: return nil
    }
  }

  /// Whether a node makes a feature map.
  private func isMap(_ node: Int) -> Bool {
    if case .image = network.shapes[node + 1] { true } else { false }
  }
}

extension Operation {
  /// Whether the layer passes on what it reads in plans of this purpose.
  fileprivate func isIdentity(in purpose: PlanCompiler.Purpose) -> Bool {
    switch self {
    case .dropout(let rate), .stochasticDepth(let rate): rate == 0 || purpose == .evaluation
    case .convolution, .batchNorm, .activation, .add, .pool, .globalAveragePool, .linear,
      .cosineLinear, .concatenate, .scaleChannels, .subsample:
      false
    }
  }
}
