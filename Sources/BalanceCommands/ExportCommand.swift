import ArgumentParser
import BalanceCore
import BalanceImages
import BalanceInterchange
import BalanceLoading
import BalanceNetworks
import BalanceTraining
import Foundation

/// `balance export`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a run's model for other programs.",
    discussion: """
      As safetensors with PyTorch's names, or as an ONNX model (opset 17) whose metadata has the \
      classes, the image size and the normalisation. Its input is [batch, channels, height, \
      width]: normalised pixels, or with --with-preprocessing pixels from 0 to 255.

      EXAMPLES:
        balance export runs/plain --out plain.onnx
        balance export runs/plain --out small.onnx --fold-batch-norm
        balance export runs/plain --out plain.safetensors
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case safetensors, onnx
  }

  @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
  var folder: String

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
  var out: String

  @Option(help: "safetensors or onnx (default: by the file's name).")
  var format: Format?

  @Flag(help: "ONNX: make batch norms part of the convolutions before them.")
  var foldBatchNorm = false

  @Flag(help: "ONNX: begin with pixels from 0 to 255 and normalise them in the graph.")
  var withPreprocessing = false

  @OptionGroup var output: OutputOptions

  private var chosenFormat: Format? {
    format ?? Format(rawValue: URL(fileURLWithPath: out).pathExtension.lowercased())
  }

  func validate() throws {
    guard let chosenFormat else {
      throw ValidationError("name the file .onnx or .safetensors, or give --format")
    }
    guard chosenFormat == .onnx || !(foldBatchNorm || withPreprocessing) else {
      throw ValidationError(
        "--fold-batch-norm and --with-preprocessing are for ONNX: a file of weights has no graph")
    }
  }

  func run() throws {
    let run = try RunFolder(opening: URL(fileURLWithPath: folder))
    let place = try OutputPlace(
      out, sparing: RunFolder.File.allCases.map(run.location),
      replacing: chosenFormat == .safetensors ? .weights : nil)
    let model = try run.model()
    let parameters = try run.parameters(of: model)
    var exporter = ONNXExporter(
      parameters, classNames: model.classNames, normalization: model.normalization)
    exporter.range = model.range?.description
    exporter.foldsBatchNorm = foldBatchNorm
    exporter.includesPreprocessing = withPreprocessing
    if chosenFormat == .onnx {
      try place.write(exporter.encode())
    } else {
      try parameters.save(to: place.url, metadata: exporter.metadata())
    }
    output.progress.note("\(model.network.name), \(model.classNames.count) classes: \(out)")
  }
}
