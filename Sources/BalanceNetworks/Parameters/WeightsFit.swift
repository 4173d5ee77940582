public import BalanceCore

/// How far a weights file has the tensors of a model, by their names and shapes.
public struct WeightsFit: Sendable {
  /// A tensor that has another shape in the file than in the model.
  public struct Misfit: Hashable, Sendable {
    /// The model's name of it.
    public let name: String
    public let stored: [Int]
    public let expected: [Int]
  }

  public let model: String
  /// 1 for grey, 3 for colour.
  public let channels: Int
  /// The rows of the file's last layer; nil where it has none.
  public let classes: Int?
  /// What is before every name in the file; empty for nothing.
  public let prefix: String
  /// How many tensors the model has, its last layer's left out where the file has none.
  public let wanted: Int
  /// Tensors of the model that the file has not.
  public let missing: [String]
  public let misfits: [Misfit]
  /// Tensors of the file, by their names there, that the model has not. Counts of batches, which
  /// nothing here needs, are no such.
  public let extra: [String]

  /// Whether a network of this model can begin with the file's weights.
  public var isWhole: Bool { missing.isEmpty && misfits.isEmpty && extra.isEmpty }

  /// How many of the model's tensors are there.
  public var fitting: Int { wanted - missing.count - misfits.count }

  /// - Parameter model: a name of the catalog.
  /// - Throws: `BalanceError` with code `usage` for an unknown model.
  public init(of weights: StoredWeights, with model: String) throws(BalanceError) {
    let colour = try Self.tensors(of: model, channels: 3, classes: 1)
    let backbone = colour.filter { !$0.isHead }.map(\.name)
    let prefix = weights.prefix(before: backbone) ?? ""
    func stored(_ name: String) -> [Int]? { weights.tensors[prefix + name]?.shape }
    let head = colour.first { $0.isHead }?.name
    let classes = head.flatMap(stored)?.first
    // A first convolution of one input channel is of grey images.
    let channels = colour.first.flatMap { stored($0.name) }?.dropFirst().first == 1 ? 1 : 3
    let tensors = try Self.tensors(of: model, channels: channels, classes: max(1, classes ?? 1))
      .filter { !$0.isHead || classes != nil }
    self.model = model
    self.channels = channels
    self.classes = classes
    self.prefix = prefix
    wanted = tensors.count
    missing = tensors.map(\.name).filter { stored($0) == nil }
    misfits = tensors.compactMap { tensor in
      guard let shape = stored(tensor.name), shape != tensor.shape else { return nil }
      return Misfit(name: tensor.name, stored: shape, expected: tensor.shape)
    }
    let known = Set(tensors.map { prefix + $0.name })
    extra = weights.tensors.keys.filter { name in
      !known.contains(name) && !name.hasSuffix("num_batches_tracked")
    }
    .sorted()
  }

  /// The fit with every model of the catalog, the best first.
  public static func all(of weights: StoredWeights) throws(BalanceError) -> [WeightsFit] {
    var fits: [WeightsFit] = []
    for model in ModelCatalog.names { fits.append(try WeightsFit(of: weights, with: model)) }
    return fits.sorted { $0.rank > $1.rank }
  }

  /// The share of what both sides have that fits.
  private var rank: Double { Double(fitting) / Double(max(1, wanted + extra.count)) }

  private struct Wanted {
    let name: String
    let shape: [Int]
    let isHead: Bool
  }

  /// Shapes do not depend on the image size; this one suits every model.
  private static func tensors(of model: String, channels: Int, classes: Int) throws(BalanceError)
    -> [Wanted]
  {
    let network = try ModelCatalog.network(
      model, input: ImageShape(height: 224, width: 224, channels: channels), classes: classes)
    var layout = ParameterLayout()
    for index in network.nodes.indices { layout.append(network, node: index) }
    let head = network.headName.map { $0 + "." }
    return (layout.tensors + layout.buffers).map { tensor in
      Wanted(
        name: tensor.name, shape: tensor.shape,
        isHead: head.map(tensor.name.hasBytePrefix) ?? false)
    }
  }
}
