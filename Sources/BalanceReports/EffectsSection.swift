import BalanceComparisons
import BalanceCore

/// What each remedy won and lost, class by class, in words.
struct EffectsSection {
  struct Calls {
    let any: Bool
    let count: String
    let names: String
  }

  struct Row {
    let number: Int
    let name: String
    let gained: Calls
    let lost: Calls
    let same: Int
    let unclear: Int
    let unjudged: Int
    let surviving: String
  }

  let rows: [Row]
  let judged: String
  let expected: String

  init(_ comparison: Comparison, numbers: [Int]) {
    let names = comparison.data.testCounts.names
    rows = comparison.ranking.order.compactMap { index in
      guard let difference = comparison.arms[index].difference else { return nil }
      func list(_ match: (Verdict) -> Bool) -> Calls {
        let hits = difference.classes.indices.filter { match(difference.classes[$0].f1.verdict) }
          .sorted {
            abs(difference.classes[$0].f1.mean) > abs(difference.classes[$1].f1.mean)
          }
        let shown = hits.prefix(6).map {
          "\(names[$0]) (\(Figures.signed(difference.classes[$0].f1.mean, digits: 2)))"
        }
        let more = hits.count > 6 ? ", and \(hits.count - 6) more" : ""
        return Calls(
          any: !hits.isEmpty, count: Figures.counted(hits.count, "class", "classes"),
          names: shown.joined(separator: ", ") + more)
      }
      func count(_ verdict: Verdict) -> Int {
        difference.classes.count { $0.f1.verdict == verdict }
      }
      let surviving = difference.classes.count { ($0.adjustedP ?? 1) <= 0.05 }
      return Row(
        number: numbers[index], name: comparison.arms[index].name, gained: list(\.isGain),
        lost: list { $0 == .lost }, same: count(.same), unclear: count(.unclear),
        unjudged: count(.notJudged), surviving: "\(surviving)")
    }
    let judged = comparison.data.testCounts.counts
      .count { $0 >= comparison.options.minimumTestImages }
    self.judged = Figures.counted(judged, "judged class", "judged classes")
    expected = Figures.fixed(Double(judged) * (1 - comparison.options.coverage), digits: 1)
  }

  static let template = """
    <section aria-labelledby="won-h"><h2 id="won-h">What each remedy won and lost</h2>
    <p>Classes whose F1 rose or fell against {{baselineName}}, with the mean change. With \
    {{judged}}, about {{expected}} a remedy would be called by chance if nothing changed; the last \
    column counts the calls that remain after Benjamini and Hochberg's adjustment at 5 %.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Won and lost">
    <table class="effects stack" role="table"><thead role="rowgroup"><tr role="row">\
    <th scope="col" role="columnheader">Remedy</th>\
    <th scope="col" role="columnheader">Gained</th><th scope="col" role="columnheader">Lost</th>\
    <th scope="col" role="columnheader" class="n">Same</th>\
    <th scope="col" role="columnheader" class="n">Unclear</th>\
    <th scope="col" role="columnheader" class="n">Not judged</th>\
    <th scope="col" role="columnheader" class="n">Remain</th></tr></thead>\
    <tbody role="rowgroup">{{#rows}}<tr role="row"><th scope="row" role="rowheader">{{number}} \
    {{name}}</th><td role="cell" data-label="Gained">{{#gained}}{{#any}}\
    <span class="verdict gain"><b aria-hidden="true">▲</b> <b>{{count}}:</b> {{names}}</span>\
    {{/any}}{{^any}}<span class="muted">none</span>{{/any}}{{/gained}}</td><td role="cell" data-label="Lost">\
    {{#lost}}{{#any}}<span class="verdict loss"><b aria-hidden="true">▼</b> <b>{{count}}:</b> \
    {{names}}</span>{{/any}}{{^any}}<span class="muted">none</span>{{/any}}{{/lost}}</td>\
    <td class="n" role="cell" data-label="Same">{{same}}</td>\
    <td class="n" role="cell" data-label="Unclear">{{unclear}}</td>\
    <td class="n" role="cell" data-label="Not judged">{{unjudged}}</td>\
    <td class="n" role="cell" data-label="Remain">{{surviving}}</td></tr>
    {{/rows}}</tbody></table></div></section>
    """
}
