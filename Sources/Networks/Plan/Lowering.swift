/// A layer after fusion: what one step of a plan computes.
struct LoweredLayer {
  enum Kind {
    case convolution(Operation.Convolution, node: Int)
    /// max(norm(x) + residual, 0), each part optional but not all absent.
    case elementwise(norm: (options: Operation.BatchNorm, node: Int)?, residual: Int?, relu: Bool)
    case pool(Operation.Pooling)
    case globalAveragePool
    case linear(Operation.Linear, node: Int)
    case subsample(Operation.Subsample)
    case foldedConvolution(FoldedConvolution)
  }

  let kind: Kind
  let input: Int
  /// The graph value that it makes: the last fused node's.
  let output: Int

  /// All values that it reads.
  var inputs: [Int] {
    switch kind {
    case .elementwise(_, let residual, _): [input] + (residual.map { [$0] } ?? [])
    case .foldedConvolution(let folded): [input] + (folded.residual.map { [$0] } ?? [])
    // Spelt out, so that a new layer with several inputs says so here: folding relies on it.
    case .convolution, .pool, .globalAveragePool, .linear, .subsample: [input]
    }
  }
}

/// Fuses what one pass over memory can compute: batch norm, the addition of a shortcut, ReLU.
struct Lowering {
  private let network: Network
  private let consumers: [[Int]]
  private var fused: Set<Int> = []
  /// Layers by the index of the last node that they cover.
  private var layers: [(last: Int, layer: LoweredLayer)] = []

  static func lower(_ network: Network) -> [LoweredLayer] {
    var lowering = Lowering(network)
    for index in network.nodes.indices { lowering.visit(index) }
    // A chain stands where its last node stood: by then its residual has been made.
    return lowering.layers.sorted { $0.last < $1.last }.map(\.layer)
  }

  private init(_ network: Network) {
    self.network = network
    var consumers = [[Int]](repeating: [], count: network.shapes.count)
    for (index, node) in network.nodes.enumerated() {
      for input in node.inputs { consumers[input].append(index) }
    }
    self.consumers = consumers
  }

  private mutating func visit(_ index: Int) {
    guard !fused.contains(index) else { return }
    let node = network.nodes[index]
    switch node.operation {
    case .convolution(let options): append(.convolution(options, node: index), index)
    case .pool(let options): append(.pool(options), index)
    case .globalAveragePool: append(.globalAveragePool, index)
    case .linear(let options): append(.linear(options, node: index), index)
    case .subsample(let options): append(.subsample(options), index)
    case .batchNorm(let options): appendChain(from: index, norm: (options, index))
    case .add, .relu: appendChain(from: index, norm: nil)
    }
  }

  private mutating func append(_ kind: LoweredLayer.Kind, _ index: Int) {
    let layer = LoweredLayer(kind: kind, input: network.nodes[index].inputs[0], output: index + 1)
    layers.append((index, layer))
  }

  private mutating func appendChain(
    from start: Int, norm: (options: Operation.BatchNorm, node: Int)?
  ) {
    var last = start
    var residual: Int?
    var relu = network.nodes[start].operation == .relu
    if network.nodes[start].operation == .add { residual = network.nodes[start].inputs[1] }
    if norm != nil, let next = soleConsumer(of: last), network.nodes[next].operation == .add,
      !fused.contains(next)
    {
      let inputs = network.nodes[next].inputs
      residual = inputs[0] == last + 1 ? inputs[1] : inputs[0]
      last = next
      fused.insert(next)
    }
    if !relu, let next = soleConsumer(of: last), network.nodes[next].operation == .relu {
      relu = true
      last = next
      fused.insert(next)
    }
    let layer = LoweredLayer(
      kind: .elementwise(norm: norm, residual: residual, relu: relu),
      input: network.nodes[start].inputs[0], output: last + 1)
    layers.append((last, layer))
  }

  /// The only node that reads what `node` makes, if there is one and it reads it once.
  private func soleConsumer(of node: Int) -> Int? {
    let readers = consumers[node + 1]
    return readers.count == 1 ? readers[0] : nil
  }
}
