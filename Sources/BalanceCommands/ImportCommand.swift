import ArgumentParser
import BalanceCore
import BalanceInterchange
import BalanceNetworks
import Foundation

/// `balance import`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring weights from other programs into a file for --init.",
    discussion: """
      Reads safetensors in one file or several (name the .index.json), files of torch.save (.pth, \
      .pt, .bin) or the initializers of an ONNX model, checks every tensor against the model and writes safetensors in single \
      precision. A prefix that all names have, such as 'module.', is taken off. \
      A mapping file renames tensors, one a line as OURS: THEIRS, and has the rules \
      'strip: module.', 'prefixes: {layer1.: stages.0.}' and 'ignore: optimizer.'.

      EXAMPLES:
        balance import model.onnx --model resnet20 --classes 10 --out w.safetensors
        balance import model.safetensors.index.json --model resnet50 --classes 1000 \\
          --mapping names.yaml --out w.safetensors
      """)

  @Argument(help: ArgumentHelp("The weights to read.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("The model that they are of.", valueName: "name"))
  var model: String

  @Option(help: "How many classes its head has.")
  var classes: Int

  @Option(help: "1 for grey, 3 for colour.")
  var channels = 3

  @Option(help: ArgumentHelp("Names of tensors, YAML or JSON.", valueName: "file"))
  var mapping: String?

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
  var out: String

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...1_000_000).contains(classes) else {
      throw ValidationError("--classes counts from 1 to 1000000")
    }
    guard channels == 1 || channels == 3 else { throw ValidationError("--channels is 1 or 3") }
  }

  func run() throws {
    // Shapes of weights do not depend on the image size; this one suits every model.
    let input = ImageShape(height: 224, width: 224, channels: channels)
    let network = try ModelCatalog.network(model, input: input, classes: classes)
    var names = try mapping.map { path throws(BalanceError) in
      try TensorMapping(yaml: TextFile.read(path), file: path)
    }
    let parameters = try Parameters(network, seed: 0)
    let checkpoint = try StoredWeights(anyKind: URL(fileURLWithPath: file))
    if let note = checkpoint.note { output.progress.note("note: \(note)") }
    let place = try OutputPlace(
      out,
      sparing: [file, mapping].compactMap(\.self).map { URL(fileURLWithPath: $0) }
        + checkpoint.sources, replacing: .weights)
    if let alteration = try checkpoint.alteration {
      output.progress.note("warning: \(file) \(alteration)")
    }
    let ours = (parameters.tensors + parameters.buffers).map(\.name)
    if names == nil, let prefix = checkpoint.prefix(before: ours) {
      names = TensorMapping()
      names?.strip = [prefix]
      output.progress.note("note: '\(prefix)' is taken off the names of \(file)")
    }
    try parameters.load(checkpoint, mapping: names ?? TensorMapping())
    try parameters.save(to: place.url, metadata: ["model": network.name])
    output.progress.note("\(network.name), \(classes) classes: \(out)")
  }
}
