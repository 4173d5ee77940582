import BalanceTensors

/// Which layers of a training plan do parts of their neighbours' work, so that activations pass
/// through the cache rather than through memory.
///
/// A convolution by own kernels works on a few images at a time. Where it reads an elementwise
/// layer's output, it has that layer write just those images just before, and mask their gradient
/// just after; an output that nobody else reads is then never stored, but computed again in the
/// backward pass. One that others read is stored until they have, and computed again as well,
/// unless a residual that it is made from is gone by then. Where a batch norm reads it, it adds up
/// the norm's sums as it writes, and takes the norm's gradient as it reads.
struct Fusion {
  /// Whether own kernels compute the layer.
  private(set) var usesOwnKernels: [Bool]
  /// Whether the next layer, a convolution by own kernels, has this elementwise layer work for it.
  private(set) var isAppliedByNext: [Bool]
  /// Whether the layer's output is stored.
  private(set) var isStored: [Bool]
  /// Whether the layer's backward pass may read its output, rather than make it again.
  private(set) var isKept: [Bool]
  /// Whether own kernels make this norm's input, for it alone.
  private(set) var isFed: [Bool]
  /// Whether the convolution that feeds this norm has read its gradient before the residual's maker
  /// may overwrite it: backward, it comes first.
  private(set) var isReadBeforeResidual: [Bool]
  /// For a convolution by own kernels, the layer whose norm it feeds.
  private(set) var feeds: [Int?]

  /// - Parameter ownKernels: whether own kernels compute a convolution.
  init(_ layers: [LoweredLayer], ownKernels: (LoweredLayer) -> Bool) {
    usesOwnKernels = layers.map(ownKernels)
    isAppliedByNext = layers.map { _ in false }
    isStored = layers.map { _ in true }
    isKept = layers.map { _ in true }
    isFed = layers.map { _ in false }
    isReadBeforeResidual = layers.map { _ in true }
    feeds = layers.map { _ in nil }
    var makers: [Int: Int] = [:]
    var readers: [Int: Int] = [:]
    for (index, layer) in layers.enumerated() {
      makers[layer.output] = index
      for input in layer.inputs { readers[input, default: 0] += 1 }
    }
    for (index, layer) in layers.enumerated() {
      let (norm, residual): ((options: Operation.BatchNorm, node: Int)?, Int?)
      var isElementwise = true
      switch layer.kind {
      case .elementwise(let itsNorm, let itsResidual, _): (norm, residual) = (itsNorm, itsResidual)
      case .pooledElementwise(let itsNorm, _):
        (norm, residual) = (itsNorm, nil)
        isElementwise = false
      case .convolution, .pool, .globalAveragePool, .linear, .cosineLinear, .subsample,
        .foldedConvolution, .activation, .concatenate, .scaleChannels, .dropout:
        continue
      }
      if isElementwise, index + 1 < layers.count, usesOwnKernels[index + 1],
        layers[index + 1].inputs == [layer.output]
      {
        isAppliedByNext[index] = true
        if let residual {
          // Of blocks in a row, every other output is kept, and the others are made from it again.
          let maker = makers[residual] ?? index
          let outlives = maker < index && isAppliedByNext[maker] && isKept[maker]
          isKept[index] = norm == nil || !outlives
        } else {
          isKept[index] = false
        }
        isStored[index] = readers[layer.output] != 1 || isKept[index]
      }
      if norm != nil, let maker = makers[layer.input], usesOwnKernels[maker],
        readers[layer.input] == 1
      {
        isFed[index] = true
        feeds[maker] = index
        if let residual {
          isReadBeforeResidual[index] = (makers[residual] ?? -1) + 1 < maker
        }
      }
    }
  }
}
