import BalanceCore
import BalanceNetworks

/// What a weights file holds, and how far a model fits it, for a terminal.
struct WeightsText {
  let text: String
  /// How many tensors that do not fit are named.
  private static let shown = 5

  init(_ weights: StoredWeights, _ fit: WeightsFit?, file: String) {
    let dtypes = Set(weights.tensors.values.map(\.dtype.rawValue)).sorted().listed(by: "and")
    var total = 0
    for tensor in weights.tensors.values {
      total = total.addingReportingOverflow(tensor.count).partialValue
    }
    var lines =
      Printable.line(file) + ": \(NumberText.counted(weights.tensors.count, "tensor")), "
      + "\(NumberText.counted(total, "value")), \(dtypes)\n"
    if let fit { lines += Self.fit(fit, file: file) }
    var table = TextTable(["tensor", "type", "shape"], widest: 60)
    for (name, tensor) in weights.tensors.sorted(by: { $0.key < $1.key }) {
      let shape = tensor.shape.map(String.init).joined(separator: "×")
      table.add([name, tensor.dtype.rawValue, shape.isEmpty ? "1 value" : shape])
    }
    text = lines + "\n" + table.text
  }

  private static func fit(_ fit: WeightsFit, file: String) -> String {
    let kind =
      (fit.channels == 1 ? "grey" : "colour") + ", "
      + (fit.classes.map { NumberText.counted($0, "class", "classes") } ?? "without a last layer")
    if fit.isWhole, fit.classes != nil {
      let prefix = fit.prefix.isEmpty ? "" : "; '\(fit.prefix)' is before every name"
      return TextTable.wrapped("fits \(fit.model) (\(kind))\(prefix)", indent: 2, first: "  ")
        + "  balance train PHOTOS --model \(fit.model) --init \(ShellText.word(file)) --out RUN\n"
    }
    var parts = ["\(fit.fitting) of its \(NumberText.counted(fit.wanted, "tensor")) are there"]
    if !fit.missing.isEmpty {
      parts.append("\(NumberText.grouped(fit.missing.count)) are missing: \(named(fit.missing))")
    }
    if !fit.misfits.isEmpty {
      let shapes = fit.misfits.prefix(shown).map { "'\($0.name)' \($0.stored), not \($0.expected)" }
      parts.append(
        "\(NumberText.grouped(fit.misfits.count)) have another shape: "
          + shapes.joined(separator: ", "))
    }
    if !fit.extra.isEmpty {
      parts.append("\(NumberText.grouped(fit.extra.count)) are not its: \(named(fit.extra))")
    }
    let lead = "does not fit \(fit.model) (\(kind)): "
    return TextTable.wrapped(lead + parts.joined(separator: "; "), indent: 2, first: "  ")
  }

  private static func named(_ names: [String]) -> String {
    names.prefix(shown).map { "'\($0)'" }.joined(separator: ", ")
      + (names.count > shown ? ", …" : "")
  }
}
