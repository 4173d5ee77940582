import ArgumentParser
import BalanceCore
import BalanceInterchange
import BalanceNetworks
import Foundation

/// `balance weights`
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Show what a weights file holds and which model it fits.",
    discussion: """
      Reads safetensors, files of torch.save (.pth, .pt, .bin) and ONNX models. Of a pickle only \
      tensors, containers, strings and numbers are read, and nothing in it is executed.

      EXAMPLES:
        balance weights resnet18.pth
        balance weights model.safetensors --model resnet34
      """)

  @Argument(help: ArgumentHelp("The weights to read.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp(
      "A model to compare with (default: the one that fits best).", valueName: "name"))
  var model: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    let weights = try StoredWeights(anyKind: URL(fileURLWithPath: file))
    let fit =
      if let model { try WeightsFit(of: weights, with: model) } else {
        try WeightsFit.all(of: weights).first
      }
    if let note = weights.note { output.progress.note("note: \(note)") }
    if let alteration = try weights.alteration {
      output.progress.note("warning: \(file) \(alteration)")
    }
    try StandardOutput.write(WeightsText(weights, fit, file: file).text)
  }
}
