import BalanceCore

/// How many images of a batch are evaluated at once.
///
/// Layer after layer over many images, maps travel to memory and back. Of a few images they stay in
/// the caches, but each few read all weights again, which pays only while maps outweigh them.
/// Measured on six networks with 2 threads: within 5 % of the best number; mobilenet_v2 at
/// 224 × 224 in batches of 32 takes 0.87 of the time of 32 at once.
package enum EvaluationBatch {
  /// What a thread's convolutions read and write of maps, in readings of their weights, at least.
  private static let mapsPerWeights = 10

  /// The smallest number that divides the batch, gives all threads as many images, and lets maps
  /// outweigh weights; else the batch.
  package static func imagesAtOnce(_ network: Network, batchSize: Int, threads: Int) -> Int {
    let (weights, maps) = values(network)
    guard maps > 0 else { return batchSize }
    let enough = threads * max(1, (mapsPerWeights * weights + maps - 1) / maps)
    return stride(from: threads, to: batchSize, by: threads)
      .first { $0 >= enough && batchSize % $0 == 0 } ?? batchSize
  }

  /// Weights of all convolutions, and values that they read and write for one image.
  private static func values(_ network: Network) -> (weights: Int, maps: Int) {
    var (weights, maps) = (0, 0)
    for (index, node) in network.nodes.enumerated() {
      guard case .convolution(let convolution) = node.operation else { continue }
      let (input, output) = (network.shapes[node.inputs[0]].image, network.shapes[index + 1].image)
      weights +=
        convolution.kernel * convolution.kernel * input.channels / convolution.groups
        * convolution.filters
      maps += input.count + output.count
    }
    return (weights, maps)
  }
}
