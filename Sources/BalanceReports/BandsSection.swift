import BalanceComparisons
import BalanceCore

/// Bands of classes by training support: the change of each remedy in each band.
struct BandsSection {
  struct Head {
    let name: String
    let rule: String
    let size: String
  }

  struct Row {
    let number: Int
    let name: String
    let cells: [Cell]
  }

  struct Cell {
    let band: String
    let values: String
    let change: DifferenceText
  }

  let hasBands: Bool
  let heads: [Head]
  let rows: [Row]
  let scale: String
  let coverage: String

  init(_ comparison: Comparison, numbers: [Int]) {
    let bands = comparison.bands
    let tests = comparison.data.testCounts.counts
    heads = bands.map { band in
      let images = band.classes.reduce(0) { $0 + tests[$1] }
      return Head(
        name: band.name, rule: band.rule,
        size: "\(Figures.counted(band.classes.count, "class", "classes")), "
          + "\(Figures.counted(images, "test image"))")
    }
    let differences = comparison.arms.compactMap(\.difference)
    let scale = IntervalMark.scale(differences.flatMap(\.bands))
    rows = comparison.ranking.order.compactMap { index in
      let arm = comparison.arms[index]
      guard let difference = arm.difference else { return nil }
      let reference = comparison.arms[difference.reference]
      return Row(
        number: numbers[index], name: arm.name,
        cells: bands.indices.map { band in
          Cell(
            band: bands[band].name,
            values: "\(Figures.fixed(reference.bands[band].mean)) → "
              + Figures.fixed(arm.bands[band].mean),
            change: DifferenceText(difference.bands[band], scale: scale))
        })
    }
    hasBands = !bands.isEmpty && !rows.isEmpty
    self.scale = Figures.fixed(scale, digits: 2)
    coverage = Figures.percent(comparison.options.coverage, digits: 0)
  }

  static let template = """
    {{#hasBands}}<section aria-labelledby="bands-h"><h2 id="bands-h">Where: bands of classes by \
    training images</h2>
    <p>Mean F1 of the classes of a band, {{baselineName}} → remedy, and the change with its \
    {{coverage}} interval over {{basis}}, on an axis from −{{scale}} to +{{scale}}. \
    Bands come before classes because a single rare class rarely has the test images to be judged \
    alone.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Bands">
    <table class="bands stack" role="table"><thead role="rowgroup"><tr role="row">\
    <th scope="col" role="columnheader">Remedy</th>{{#heads}}\
    <th scope="col" role="columnheader">{{name}}<small>{{rule}}</small><small>{{size}}</small></th>\
    {{/heads}}</tr></thead><tbody role="rowgroup">{{#rows}}<tr role="row">\
    <th scope="row" role="rowheader">{{number}} {{name}}</th>{{#cells}}\
    <td role="cell" data-label="{{band}}">{{#change}}{{#mark}}{{>mark}}{{/mark}}\
    <span class="fig">{{figure}} <small>{{range}}</small></span> {{>verdict}}{{/change}}\
    <small>{{values}}</small></td>{{/cells}}</tr>
    {{/rows}}</tbody></table></div></section>{{/hasBands}}
    """
}
