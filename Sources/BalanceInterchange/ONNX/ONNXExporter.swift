public import BalanceCore
public import BalanceNetworks
import BalanceONNXFormat
public import Foundation
import SwiftProtobuf

/// Writes a network and its weights as an ONNX model, opset 17.
///
/// The input is `[batch, C, H, W]` in single precision: `images`, normalised pixels
/// (v / 255 − mean) / deviation; or `pixels`, v from 0 to 255, with the normalisation in the
/// graph. The outputs are `logits` and `probabilities` (softmax), `[batch, classes]`. What it takes
/// to use the model is in its metadata: `model`, `classes`, `input`, `image_size`, `resize`,
/// `channels`, `mean`, `std` and, unless it is the full one, `range`; lists and names as JSON.
public struct ONNXExporter {
  public static let opset = 17

  public let parameters: Parameters
  /// In the order of the logits.
  public var classNames: [String]
  public var normalization: Normalization
  /// Which values of 16-bit files became 0 and 255, as `LOW:HIGH`; nil for all of them.
  public var range: String?
  /// Whether a batch norm that follows a convolution becomes part of its weights and bias.
  public var foldsBatchNorm = false
  /// Whether the graph begins with raw pixels and normalises them.
  public var includesPreprocessing = false

  public init(_ parameters: Parameters, classNames: [String], normalization: Normalization) {
    self.parameters = parameters
    self.classNames = classNames
    self.normalization = normalization
  }

  /// The model's bytes; the same for the same values.
  ///
  /// - Throws: `BalanceError` with code `data` where class names or normalization do not fit the
  ///   network, or it is too large for one file (2 GiB).
  public func encode() throws(BalanceError) -> Data {
    let network = parameters.network
    let channels = network.input.channels
    guard classNames.count == network.classes else {
      throw BalanceError(
        .data, "\(classNames.count) class names for \(network.classes) logits")
    }
    guard normalization.mean.count == channels else {
      throw BalanceError(
        .data, "a normalization of \(normalization.mean.count) channels for \(channels)")
    }
    var model = ONNXModel()
    // The version of the format that came with opset 17.
    model.irVersion = 8
    model.producerName = "balance"
    model.producerVersion = BalanceVersion.current
    var opset = ONNXOperatorSet()
    opset.version = Int64(Self.opset)
    model.opsetImport = [opset]
    model.graph = graph()
    model.metadataProps = try metadata().sorted { $0.key < $1.key }.map { key, value in
      var entry = ONNXStringEntry()
      entry.key = key
      entry.value = value
      return entry
    }
    do { return try model.serializedData() } catch {
      throw BalanceError(.data, "\(network.name) is too large for an ONNX file")
    }
  }

  private func graph() -> ONNXGraph {
    let network = parameters.network
    let shape = network.input
    let names = (parameters.tensors + parameters.buffers).map(\.name)
    var writer = ONNXGraphWriter(
      name: network.name, reserved: names + ["images", "pixels", "logits", "probabilities"])
    let input = includesPreprocessing ? "pixels" : "images"
    writer.input(input, [nil, shape.channels, shape.height, shape.width])
    var lowering = ONNXLowering(parameters, foldsBatchNorm: foldsBatchNorm, writer: writer)
    lowering.lower(from: includesPreprocessing ? normalise(input, &lowering.writer) : input)
    writer = lowering.writer
    writer.node(
      "Softmax", ["logits"], exactly: "probabilities", [ONNXAttribute("axis", -1)])
    writer.output("logits", [nil, network.classes])
    writer.output("probabilities", [nil, network.classes])
    return writer.graph
  }

  /// v / (255 σ) − μ / σ.
  private func normalise(_ pixels: String, _ writer: inout ONNXGraphWriter) -> String {
    let shape = [1, normalization.mean.count, 1, 1]
    let scales = writer.constant(
      ONNXTensor(shape: shape, values: normalization.scale), name: "preprocessing/scale")
    let biases = writer.constant(
      ONNXTensor(shape: shape, values: normalization.bias), name: "preprocessing/bias")
    let scaled = writer.node("Mul", [pixels, scales], name: "preprocessing/scaled")
    return writer.node("Add", [scaled, biases], name: "preprocessing/normalised")
  }

  /// What it takes to use the weights, by key.
  public func metadata() throws(BalanceError) -> [String: String] {
    let shape = parameters.network.input
    var metadata = [
      "model": parameters.network.name,
      "classes": try Self.json(classNames),
      "input": includesPreprocessing ? "pixels, 0 to 255" : "(pixels / 255 - mean) / std",
      "image_size": try Self.json([shape.height, shape.width]),
      "resize": "upright by EXIF, then bilinear, antialiased, proportions not kept",
      "channels": [1: "grey", 3: "red, green, blue"][shape.channels] ?? "\(shape.channels)",
      "mean": try Self.json(normalization.mean),
      "std": try Self.json(normalization.deviation),
    ]
    metadata["range"] = range
    return metadata
  }

  private static func json(_ value: some Encodable) throws(BalanceError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
      throw BalanceError(.data, "the model's metadata cannot be written: \(error)")
    }
  }
}
