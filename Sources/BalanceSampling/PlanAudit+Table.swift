import BalanceCore

extension PlanAudit {
  /// The audit as an aligned table for a terminal.
  ///
  /// - Parameter width: columns of the terminal; class names are cut to fit, to no less than eight
  ///   characters.
  public func table(width: Int = 80) -> String {
    let heads = ["images", "draws", "expected", "share", "distinct", "coverage", "mean", "most"]
    let rows = (classes + [total]).map { row in
      [
        "\(row.images)", "\(row.draws)", NumberText.percent(row.expectedShare),
        NumberText.percent(row.share),
        "\(row.distinctImages)", NumberText.percent(row.coverage),
        NumberText.fixed(row.meanRepeats, digits: 2), "\(row.maximumDraws)",
      ]
    }
    let widths = heads.indices.map { column in
      rows.reduce(heads[column].count) { max($0, $1[column].count) }
    }
    let names = (classes + [total]).map { Printable.line($0.name) }
    let room = max(8, width - widths.reduce(0) { $0 + $1 + 1 })
    let nameWidth = min(room, names.reduce("class".count) { max($0, $1.count) })
    func line(_ name: String, _ cells: [String]) -> String {
      let name = name.count > nameWidth ? name.prefix(nameWidth - 1) + "…" : Substring(name)
      return name + blanks(nameWidth - name.count)
        + zip(cells, widths).map { " " + blanks($1 - $0.count) + $0 }.joined()
    }
    let rule = String(repeating: "-", count: nameWidth + widths.reduce(0) { $0 + $1 + 1 })
    var lines = [
      "sampling \(strategy), seed \(seed), epoch \(epoch)", "", line("class", heads), rule,
    ]
    lines += zip(names, rows).dropLast().map(line)
    lines += [rule] + zip(names, rows).suffix(1).map(line)
    lines += ["", "mean, most: draws of an image that is drawn at all"]
    if !emptyClasses.isEmpty {
      let list = emptyClasses.map(Printable.line).joined(separator: ", ")
      lines.append("no images, never drawn: \(list)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func blanks(_ count: Int) -> String {
    String(repeating: " ", count: max(0, count))
  }
}
