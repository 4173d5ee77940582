import BalanceCore
import Foundation
import Interchange
import Networks
import Tensors

/// Exports a trained model as ONNX, for another program to run, beside the logits that the engine
/// gives.
enum ExportProbe {
  struct Problem: Codable {
    let model: String
    let height: Int
    let width: Int
    let channels: Int
    let classes: Int
    let images: Int
    let mean: [Float]
    let deviation: [Float]
  }

  private static let batch = 20

  /// Reads problem.json, weights.safetensors and pixels.bin (f32 `[images, H, W, C]`, normalised).
  /// Writes kept-images.onnx, kept-pixels.onnx, folded-images.onnx and folded-pixels.onnx, and the
  /// evaluation logits by each way to compute convolutions: logits-automatic.bin and
  /// logits-direct.bin.
  static func run(folder: URL) throws {
    func url(_ name: String) -> URL { folder.appendingPathComponent(name) }
    let problem = try CanonicalJSON.decode(
      Problem.self, from: Data(contentsOf: url("problem.json")))
    let input = ImageShape(
      height: problem.height, width: problem.width, channels: problem.channels)
    let network = try ModelCatalog.network(problem.model, input: input, classes: problem.classes)
    let parameters = try Parameters(network, seed: 0)
    try parameters.load(from: url("weights.safetensors"))
    let pixels = try Data(contentsOf: url("pixels.bin")).withUnsafeBytes {
      Array($0.bindMemory(to: Float.self))
    }
    for algorithm in PlanOptions.ConvolutionAlgorithm.allCases {
      try logits(parameters, pixels, PlanOptions(convolution: algorithm))
        .withUnsafeBufferPointer { Data(buffer: $0) }
        .write(to: url("logits-\(algorithm.rawValue).bin"))
    }
    var exporter = ONNXExporter(
      parameters, classNames: (0..<problem.classes).map { "class \($0)" }, mean: problem.mean,
      deviation: problem.deviation)
    for isFolded in [false, true] {
      for isRaw in [false, true] {
        exporter.foldsBatchNorm = isFolded
        exporter.includesPreprocessing = isRaw
        let name = "\(isFolded ? "folded" : "kept")-\(isRaw ? "pixels" : "images").onnx"
        try exporter.encode().write(to: url(name))
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
