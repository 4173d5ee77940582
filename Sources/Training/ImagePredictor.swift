public import BalanceCore
public import Foundation
import Images
import Loading
import Networks
import Tensors

/// A trained model that classifies image files.
public final class ImagePredictor {
  public let classNames: [String]
  private let model: ModelDescription
  private let evaluator: Evaluator

  /// - Parameter threads: nil takes all cores.
  /// - Throws: `BalanceError` where the run's files do not fit together.
  public init(_ run: RunFolder, threads: Int? = nil) throws {
    model = try run.model()
    classNames = model.classNames
    guard classNames.count == model.network.classes,
      model.normalization.mean.count == model.network.input.channels,
      model.normalization.deviation.count == model.network.input.channels
    else {
      throw BalanceError(
        .data,
        "\(classNames.count) classes and \(model.normalization.mean.count) channels do not fit the "
          + "network's \(model.network.classes) and \(model.network.input.channels)",
        at: run.location(.model).path, remedy: "train the run again")
    }
    let parameters = try Parameters(model.network, seed: 0)
    try parameters.load(from: run.location(.weights))
    evaluator = try Evaluator(
      model.network, parameters: parameters, batchSize: 1,
      pool: ComputePool(threads: threads ?? ComputePool.availableCores),
      options: PlanOptions(convolution: model.convolution))
  }

  /// Probabilities in the order of the classes.
  ///
  /// - Throws: `BalanceError` for a file that cannot be read or is no image, naming it.
  public func probabilities(of url: URL) throws(BalanceError) -> [Float] {
    guard let data = try? Data(contentsOf: url, options: .alwaysMapped) else {
      throw BalanceError(.noInput, "cannot be read", at: url.relativePath, remedy: "check the path")
    }
    let shape = model.network.input
    let image = try decode(data, channels: shape.channels, at: url)
      .resized(width: shape.width, height: shape.height)
    var pixels = [Float](repeating: 0, count: shape.count)
    for index in pixels.indices {
      let c = index % shape.channels
      pixels[index] =
        (Float(image.pixels[index]) / 255 - model.normalization.mean[c])
        / model.normalization.deviation[c]
    }
    do {
      return try pixels.withUnsafeBufferPointer { try evaluator.probabilities($0, count: 1) }
    } catch let error as BalanceError { throw error } catch {
      throw BalanceError(.software, "\(error)", at: url.relativePath)
    }
  }

  private func decode(_ data: Data, channels: Int, at url: URL) throws(BalanceError) -> PixelImage {
    do {
      return try data.withUnsafeBytes { try ImageCodec.decode($0, channels: channels) }
    } catch let error as BalanceError {
      throw BalanceError(
        error.code, error.what, at: error.place ?? url.relativePath, remedy: error.remedy)
    } catch {
      throw BalanceError(.data, "\(error)", at: url.relativePath)
    }
  }
}
