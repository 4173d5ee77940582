import BalanceCore

/// Turns listed layers into a network's layers, one after the other.
struct LayerListWriter {
  private(set) var builder = NetworkBuilder()
  private var x = 0
  private var shape: ValueShape
  private var convolutions = 0
  /// Of all values so far.
  private var shapes: [ValueShape]

  init(input: ImageShape) {
    shape = .image(input)
    shapes = [.image(input)]
  }

  /// - Parameter classes: for the last layer, how many logits it makes.
  mutating func append(_ layer: ListedLayer, name: String, classes: Int?) throws(BalanceError) {
    let channels = shape.image.channels
    switch layer.word {
    case .convolution, .depthwise:
      beginStage()
      let isDepthwise = layer.word == .depthwise
      let kernel = try layer.whole("kernel", usual: 3)
      let dilation = try layer.whole("dilation", usual: 1)
      let hasNorm = try layer.hasNorm()
      try append(
        "\(name).conv",
        .convolution(
          .init(
            filters: isDepthwise ? channels : try layer.whole("filters"), kernel: kernel,
            stride: try layer.whole("stride", usual: 1),
            padding: .around(dilation * (kernel - 1) / 2),
            dilation: dilation,
            groups: isDepthwise ? channels : try layer.whole("groups", usual: 1),
            bias: !hasNorm)))
      if hasNorm { try append("\(name).bn", .batchNorm(.init())) }
      try append("\(name).activation", layer.activation(usual: .relu))
    case .residual:
      beginStage()
      try residual(layer, name)
    case .squeezeExcite: try squeezeExcite(layer, name)
    case .pool, .averagePool:
      let kernel = try layer.whole("kernel", usual: 2)
      try append(
        "\(name).pool",
        .pool(
          .init(
            layer.word == .pool ? .maximum : .average, kernel: kernel,
            stride: try layer.whole("stride", usual: kernel),
            padding: try layer.whole("padding", usual: 0, from: 0))))
    case .globalAverage: try append("\(name).pool", .globalAveragePool)
    case .dropout: try append("\(name).dropout", .dropout(try layer.real("rate")))
    case .linear:
      let outputs = try layer.whole("outputs", usual: classes)
      try append("\(name).linear", .linear(.init(outputs: outputs)))
      if classes == nil { try append("\(name).activation", layer.activation(usual: .relu)) }
    case .cosine:
      try append(
        "\(name).cosine",
        .cosineLinear(
          .init(outputs: classes ?? 0, scale: try layer.real("scale", usual: 30))))
    }
  }

  /// Two 3×3 convolutions around a shortcut, projected where the shape changes.
  private mutating func residual(_ layer: ListedLayer, _ name: String) throws(BalanceError) {
    let filters = try layer.whole("filters")
    let stride = try layer.whole("stride", usual: 1)
    let activation = try layer.activation(usual: .relu)
    let (start, channels) = (x, shape.image.channels)
    func convolution(_ kernel: Int, _ stride: Int) -> Operation {
      .convolution(
        .init(filters: filters, kernel: kernel, stride: stride, padding: .around(kernel / 2)))
    }
    try append("\(name).conv1", convolution(3, stride))
    try append("\(name).bn1", .batchNorm(.init()))
    try append("\(name).activation1", activation)
    try append("\(name).conv2", convolution(3, 1))
    try append("\(name).bn2", .batchNorm(.init()))
    let end = x
    var shortcut = start
    if stride != 1 || channels != filters {
      x = start
      try append("\(name).downsample.0", convolution(1, stride))
      try append("\(name).downsample.1", .batchNorm(.init()))
      shortcut = x
    }
    try append("\(name).add", .add, of: [end, shortcut])
    try append("\(name).activation2", activation)
  }

  private mutating func squeezeExcite(_ layer: ListedLayer, _ name: String) throws(BalanceError) {
    let (map, channels) = (x, shape.image.channels)
    try append("\(name).avgpool", .globalAveragePool)
    let squeezed = max(1, channels / (try layer.whole("ratio", usual: 4)))
    try append("\(name).fc1", .linear(.init(outputs: squeezed)))
    try append("\(name).activation", .relu)
    try append("\(name).fc2", .linear(.init(outputs: channels)))
    try append("\(name).scale_activation", .activation(.sigmoid))
    try append("\(name).scale", .scaleChannels, of: [map, x])
  }

  private mutating func beginStage() {
    builder.stage = convolutions
    convolutions += 1
  }

  private mutating func append(_ name: String, _ activation: Operation.Activation?)
    throws(BalanceError)
  {
    if let activation { try append(name, .activation(activation)) }
  }

  private mutating func append(_ name: String, _ operation: Operation, of inputs: [Int]? = nil)
    throws(BalanceError)
  {
    let inputs = inputs ?? [x]
    shape = try operation.outputShape(of: inputs.map { shapes[$0] }, name: name)
    shapes.append(shape)
    x = builder.append(name, operation, inputs)
  }
}
