import BalanceCore
import BalanceInterchange
import BalanceNetworks
import BalanceTensors
import Foundation

/// Exports a trained model as ONNX, for another program to run, beside the logits that the engine
/// gives.
enum ExportProbe {
  private static let batch = 20

  /// Reads problem.json, weights.safetensors and pixels.bin (f32 `[images, H, W, C]`, normalised).
  /// Writes kept-images.onnx, kept-pixels.onnx, folded-images.onnx and folded-pixels.onnx, and the
  /// evaluation logits by each way to compute convolutions: logits-automatic.bin and
  /// logits-direct.bin.
  static func run(_ folder: ProbeFolder) throws {
    let network = try folder.decode(ProbeFolder.Model.self).network()
    let parameters = try Parameters(network, seed: 0)
    try parameters.load(from: folder("weights.safetensors"))
    let pixels = try folder.values("pixels.bin")
    for algorithm in PlanOptions.ConvolutionAlgorithm.allCases {
      try logits(parameters, pixels, PlanOptions(convolution: algorithm))
        .withUnsafeBufferPointer { Data(buffer: $0) }
        .write(to: folder("logits-\(algorithm.rawValue).bin"))
    }
    let normalization = try folder.decode(Normalization.self)
    var exporter = ONNXExporter(
      parameters, classNames: (0..<network.classes).map { "class \($0)" },
      normalization: normalization)
    for isFolded in [false, true] {
      for isRaw in [false, true] {
        exporter.foldsBatchNorm = isFolded
        exporter.includesPreprocessing = isRaw
        let name = "\(isFolded ? "folded" : "kept")-\(isRaw ? "pixels" : "images").onnx"
        try exporter.encode().write(to: folder(name))
      }
    }
  }

  private static func logits(
    _ parameters: Parameters, _ pixels: [Float], _ options: PlanOptions
  ) throws -> [Float] {
    let plan = try EvaluationPlan(
      parameters.network, parameters: parameters, batchSize: batch, pool: ComputePool(threads: 2),
      options: options)
    let size = parameters.network.input.count
    let images = pixels.count / size
    return try pixels.withUnsafeBufferPointer { pixels in
      try stride(from: 0, to: images, by: batch).flatMap { start in
        let end = min(start + batch, images)
        return Array(
          try plan.logits(
            UnsafeBufferPointer(rebasing: pixels[start * size..<end * size]),
            count: end - start))
      }
    }
  }
}
